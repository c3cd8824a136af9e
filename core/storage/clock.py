"""How storage and services are told the time: nothing in the core reads a clock itself."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Gives the present moment, with its zone."""
