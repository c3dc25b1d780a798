from reports.models.ranking import FrozenRanking

__all__ = ["FrozenRanking"]
