"""The Board page: the bar, the cards, the pinned answers below them."""
