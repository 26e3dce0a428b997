"""The demonstration: a simulated fortnight, told through the same services that the product uses."""

from planner.desk.demo.loading import load, readdress

__all__ = ["load", "readdress"]
