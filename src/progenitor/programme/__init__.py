"""Development programmes: phases, durations, probability of success and forecasts."""

__all__: list[str] = []
