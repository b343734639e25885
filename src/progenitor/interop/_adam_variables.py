"""The variables of ADaM-shaped data sets: labels, types, units, controlled terms and origins."""

from dataclasses import dataclass
from typing import Final, final

__all__ = ["CODE_LISTS", "DATA_SETS", "Variable", "variable"]


@final
@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: its name, label, type (text, integer or float), origin, terms and unit."""

    name: str
    label: str
    kind: str
    origin: str = "Derived"
    terms: str = ""
    unit: str = ""


CODE_LISTS: Final = {
    "NY": ("Y", "N"),
    "CNSR": ("0", "1"),
    "BOR": ("CR", "PR", "SD", "PD", "NE"),
    "EVNTDESC": (
        "DATA CUT-OFF",
        "DEATH",
        "DISEASE PROGRESSION",
        "DOSE-LIMITING TOXICITY",
        "END OF STUDY",
        "HUMANE ENDPOINT",
        "LAST ASSESSMENT WITHOUT EVENT",
        "LEFT WITHOUT INFUSION",
        "WINDOW WITHOUT TOXICITY",
    ),
    "STARTREF": ("ENROLMENT", "INFUSION", "RANDOMISATION"),
    "DCSREAS": (
        "LOST WHILE WAITING",
        "LOT NOT RELEASED",
        "TOO FEW CELLS",
        "TRIAL ENDED BEFORE INFUSION",
        "WAITING AT DATA CUT-OFF",
    ),
    "AVALU": ("DAYS",),
}
"""Controlled terms by code list."""

_IDS: Final = (
    Variable("STUDYID", "Study Identifier", "text", "Assigned"),
    Variable("USUBJID", "Unique Subject Identifier", "text", "Assigned"),
)
_TREATMENT: Final = (
    Variable("TRT01P", "Planned Treatment for Period 01", "text", "Predecessor"),
    Variable("TRT01PN", "Planned Treatment for Period 01 (N)", "integer", "Assigned"),
)
_PARAMETER: Final = (
    Variable("PARAMCD", "Parameter Code", "text", "Assigned"),
    Variable("PARAM", "Parameter", "text", "Assigned"),
)
_FLAGS: Final = tuple(
    Variable(name, label, "text", "Derived", "NY")
    for name, label in (
        ("RANDFL", "Randomized Population Flag"),
        ("ITTFL", "Intent-To-Treat Population Flag"),
        ("SAFFL", "Safety Population Flag"),
        ("DLTEVLFL", "DLT-Evaluable Population Flag"),
        ("PKFL", "PK Population Flag"),
        ("REPLFL", "Replaced Subject Flag"),
        ("DLTFL", "Dose-Limiting Toxicity Flag"),
        ("DTHFL", "Subject Death Flag"),
    )
)

DATA_SETS: Final = {
    "ADSL": (
        "Subject-Level Analysis Data Set",
        "One record for each subject",
        (
            *_IDS,
            Variable("SUBJID", "Subject Identifier for the Study", "text", "Assigned"),
            Variable("ARM", "Description of Planned Arm", "text", "Assigned"),
            Variable("ARMCD", "Planned Arm Code", "text", "Assigned"),
            *_TREATMENT,
            Variable("TRT01A", "Actual Treatment for Period 01", "text"),
            *_FLAGS,
            Variable("DRAW", "Parameter Draw of the Simulation", "integer", "Assigned"),
            Variable("STRATAR", "Strata Used for Randomization", "text", "Assigned"),
            Variable("COHORT", "Cohort", "integer", "Assigned"),
            Variable("DOSLVLP", "Planned Dose Level", "integer", "Assigned"),
            Variable("DOSLVLA", "Actual Dose Level (0 = Below the First)", "float"),
            Variable("RANDDY", "Trial Day of Randomization", "float", unit="day"),
            Variable("ENRLDY", "Trial Day of Enrolment", "float", unit="day"),
            Variable("CUTDY", "Trial Day of Data Cut-off", "float", unit="day"),
            Variable("TRTSDY", "Study Day of Infusion since Enrolment", "float", unit="day"),
            Variable("DOSE01A", "Actual Treatment Dose for Period 01", "float", unit="cell"),
            Variable("DOSPKG", "Actual Dose by Body Weight", "float", unit="cell/kg"),
            Variable("DOSPKGP", "Planned Dose by Body Weight", "float", "Assigned", "", "cell/kg"),
            Variable("DLTDY", "Day of First DLT since Infusion", "float", unit="day"),
            Variable("DTHDY", "Study Day of Death since Infusion", "float", unit="day"),
            Variable("DCSREAS", "Reason Not Treated", "text", "Derived", "DCSREAS"),
            Variable("DONOR", "Donor of Cells", "integer", "Assigned"),
            Variable("CAGE", "Cage", "integer", "Assigned"),
            Variable("BLOCK", "Block of Randomisation", "integer", "Assigned"),
            Variable("BASEVOL", "Measured Tumour Volume at Baseline", "float", unit="mm3"),
            Variable("TUMBASE", "Tumour Cells at Enrolment", "float", unit="cell"),
            Variable("GROWTH", "Growth Rate of the Tumour", "float", unit="1/day"),
        ),
    ),
    "ADTTE": (
        "Time-to-Event Analysis Data Set",
        "One record for each subject and parameter",
        (
            *_IDS,
            *_TREATMENT,
            *_PARAMETER,
            Variable("AVAL", "Analysis Value", "float", unit="day"),
            Variable("AVALU", "Analysis Value Unit", "text", "Assigned", "AVALU"),
            Variable("CNSR", "Censor (1 = Censored)", "integer", "Derived", "CNSR"),
            Variable("EVNTDESC", "Event or Censoring Description", "text", "Derived", "EVNTDESC"),
            Variable("STARTREF", "Time-to-Event Origin", "text", "Assigned", "STARTREF"),
            Variable("ADT", "Analysis Day since the Origin", "float", unit="day"),
        ),
    ),
    "ADRS": (
        "Response Analysis Data Set",
        "One record for each subject and parameter",
        (
            *_IDS,
            *_TREATMENT,
            *_PARAMETER,
            Variable("AVISIT", "Analysis Visit", "text", "Assigned"),
            Variable("AVAL", "Analysis Value", "float"),
            Variable("AVALC", "Analysis Value (C)", "text"),
            Variable("ANL01FL", "Analysis Flag 01", "text", "Derived", "NY"),
        ),
    ),
    "ADPC": (
        "Concentration Analysis Data Set",
        "One record for each subject, parameter and analysis day",
        (
            *_IDS,
            *_TREATMENT,
            *_PARAMETER,
            Variable("AVISIT", "Analysis Visit", "text", "Assigned"),
            Variable("ADT", "Analysis Day", "float", unit="day"),
            Variable("AVAL", "Analysis Value", "float"),
            Variable("AVALC", "Analysis Value (C)", "text"),
            Variable("AVALU", "Analysis Value Unit", "text", "Assigned"),
            Variable("ALLOQ", "Lower Limit of Quantification", "float", "Assigned"),
            Variable("BLQFL", "Below Limit of Quantification Flag", "text", "Derived", "NY"),
        ),
    ),
    "ADTR": (
        "Tumour Results Analysis Data Set",
        "One record for each subject, parameter and analysis day",
        (
            *_IDS,
            *_TREATMENT,
            *_PARAMETER,
            Variable("AVISIT", "Analysis Visit", "text", "Assigned"),
            Variable("ADT", "Analysis Day", "float", unit="day"),
            Variable("AVAL", "Analysis Value", "float"),
            Variable("AVALU", "Analysis Value Unit", "text", "Assigned"),
            Variable("BASE", "Baseline Value", "float"),
            Variable("PCHG", "Percent Change from Baseline", "float", unit="%"),
            Variable("BLQFL", "Below Limit of Quantification Flag", "text", "Derived", "NY"),
        ),
    ),
}
"""Data set → label, structure, and every variable it may have, in order."""


def variable(data_set: str, name: str) -> Variable:
    """Return a variable of a data set.

    Parameters
    ----------
    data_set, name
        Such as ``ADSL`` and ``USUBJID``.

    Examples
    --------
    >>> variable("ADTTE", "CNSR").label
    'Censor (1 = Censored)'
    """
    return next(one for one in DATA_SETS[data_set][2] if one.name == name)
