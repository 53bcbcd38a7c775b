"""Jobs that run by themselves: when each is due, who runs it, and what became of it.

cron expression, zone → moments     summer time both ways                   cron.py
what ran, what failed, what died    kept for ever                           runs.py
one look: run what is due, once     any number of instances                 running.py
whether somebody looks at all       for whatever watches the process        alive.py
what the jobs do                    check, digests, alerts                  jobs.py
"""
