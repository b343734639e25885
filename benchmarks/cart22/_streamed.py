"""100,000 patients × 735 days, four observables, through the streaming interface, on two threads.

Run as a module it is the process whose memory is measured. Sampling the patients is timed apart: it
is not the engine's work.
"""
