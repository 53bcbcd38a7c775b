"""The third planner: a question that the others did not understand, as a language model understands it.

    facts      what reading is sure of          shelf     the names of the knowledge that a model is shown
    prompts    both as text, within a budget    answers   what may come back, as a schema made for the question
    convert    an answer → a SemanticQuery      examine   what can be proven of SQL without running it
    agree      the composed planner's reading of the same question, once its words are explained
    author     the loop of proposals, with what was wrong going back

A model proposes and never decides: its query of governed names is compiled by our compiler and must hold every part of
the question that reading was sure of; its SQL must pass the guard and the proofs of `examine`.
"""

from dash.steps.plan.written.agree import agrees
from dash.steps.plan.written.author import Author, GaveUp

__all__ = ["Author", "GaveUp", "agrees"]
