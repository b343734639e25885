"""Endpoints, designs, rules and the conduct of trials on an outcome bank."""

from progenitor.trial._accelerated_failure import (
    AcceleratedFailure,
    FailureTimes,
    accelerated_failure,
)
from progenitor.trial._assurance import NormalAssurance, assurance, normal_assurance
from progenitor.trial._binomial_interval import IntervalMethod, binomial_interval
from progenitor.trial._binomial_test import binomial_p_value
from progenitor.trial._blocked_randomisation import BlockedArms, randomise_in_blocks
from progenitor.trial._calendar import (
    conduct_calendar,
)
from progenitor.trial._calendar_log import (
    CalendarTrial,
    LogEntry,
)
from progenitor.trial._calendar_patients import (
    CalendarPatients,
    ProductResult,
)
from progenitor.trial._calendar_sampling import (
    sample_calendar_patients,
)
from progenitor.trial._competing_risks import CumulativeIncidence, cumulative_incidence
from progenitor.trial._conditional_power import ConditionalPower, conditional_power
from progenitor.trial._conduct_rules import (
    ConductRules,
)
from progenitor.trial._conduct_view import (
    AbstractHold,
    ConductView,
    Hold,
    TreatedPatient,
)
from progenitor.trial._confirmed_response import (
    ConfirmedAssessment,
)
from progenitor.trial._cox_regression import CoxFit, cox_regression
from progenitor.trial._criteria import published_endpoint
from progenitor.trial._curve_decisions import (
    CurveFit,
)
from progenitor.trial._decision import AbstractDesign, Decision, Decisions
from progenitor.trial._dose_bank import (
    DoseBank,
    ResampledPatients,
)
from progenitor.trial._dose_characteristics import DoseCharacteristics, dose_characteristics
from progenitor.trial._dose_finding import (
    AbstractDoseFinding,
    DoseDecision,
    DoseDecisions,
    DoseMove,
)
from progenitor.trial._dose_state import DosePatients, DoseState
from progenitor.trial._dose_toxicity_models import (
    CurveModel,
    indifference_skeleton,
)
from progenitor.trial._dose_trials import (
    DoseTrials,
    conduct_dose_finding,
    narrate_dose_finding,
    toxicity_outcomes,
)
from progenitor.trial._dunnett import DunnettTest, dunnett_critical, dunnett_tail, dunnett_test
from progenitor.trial._error_spending import ErrorSpending, SpendingFamily
from progenitor.trial._estimand import Estimand
from progenitor.trial._estimand_data import EstimandTimes, IntercurrentData, WithoutEvent
from progenitor.trial._event_times import EventTimes
from progenitor.trial._feasibility import (
    FeasibilityComparison,
    PolicyResult,
    TrueDoses,
    compare_feasibility,
    true_doses,
)
from progenitor.trial._feasible_trials import (
    FeasibilityPolicy,
    FeasibleTrials,
    conduct_feasible,
    dose_feasibility,
)
from progenitor.trial._fine_gray import fine_gray
from progenitor.trial._grade_course import GradeCourse, grade_course
from progenitor.trial._hazard_ratio import LogHazardRatio, hazard_ratio
from progenitor.trial._hazard_ratios import LogHazardRatios, hazard_ratios
from progenitor.trial._humane_endpoint import RemovedMice, remove_at_humane_endpoint
from progenitor.trial._interval_incidence import IntervalIncidence, interval_incidence
from progenitor.trial._kaplan_meier import KaplanMeier, LimitScale, TimeInterval, kaplan_meier
from progenitor.trial._log_rank import LogRank, log_rank
from progenitor.trial._logistic_posterior import (
    LogisticPosterior,
)
from progenitor.trial._looks import Characteristics, Looks
from progenitor.trial._max_combo import MaxCombo, max_combo
from progenitor.trial._mixed_model import Estimate, MixedModel, RandomEffect, mixed_model
from progenitor.trial._mixture_cure import MixtureCure, mixture_cure
from progenitor.trial._mouse_analysis import (
    ArmEffects,
    ArmHazards,
    compare_hazards,
    compare_measurements,
    compare_units,
    fit_batches,
)
from progenitor.trial._mouse_bank import MouseBank, growth_rates
from progenitor.trial._mouse_studies import MouseDesign, MouseStudies, conduct_mouse_studies
from progenitor.trial._myeloma_criteria import MyelomaLimits, MyelomaResponse
from progenitor.trial._operating_characteristics import (
    OperatingCharacteristics,
    operating_characteristics,
)
from progenitor.trial._outcome_bank import OutcomeBank
from progenitor.trial._partial_likelihood import Ties
from progenitor.trial._posterior import (
    posterior_exceeds,
    predictive_probability,
    probability_greater,
)
from progenitor.trial._proportional_hazards import (
    Concordance,
    PhTest,
    TimeTransform,
    concordance,
    proportional_hazards_test,
)
from progenitor.trial._response import Response, ResponseAssessment
from progenitor.trial._restricted_mean import (
    Contrast,
    RestrictedMean,
    compare_restricted_means,
    restricted_mean,
)
from progenitor.trial._sequential_bounds import efficacy_bounds
from progenitor.trial._sequential_looks import SequentialEnds, equal_looks
from progenitor.trial._simon_inference import TwoStageInference, two_stage_inference
from progenitor.trial._survival_at import (
    MilestoneSurvival,
    compare_milestones,
    median_times,
    milestone_survival,
)
from progenitor.trial._survival_size import EVENT_METHODS, EventMethod, SurvivalSize, SurvivalTrial
from progenitor.trial._three_plus_three_exact import ThreePlusThreeOutcomes
from progenitor.trial._timed_dose_trials import conduct_timed
from progenitor.trial._timed_outcomes import (
    Accrual,
    arrival_days,
    toxicity_days,
)
from progenitor.trial._toxicity_criterion import ToxicityCriterion
from progenitor.trial._toxicity_walk import ToxicityCharacteristics, toxicity_characteristics
from progenitor.trial._tumour_size import bidimensional_size, unidimensional_size
from progenitor.trial._two_level import (
    TwoLevel,
    between_variance,
    estimate,
    estimate_from_draws,
    paired_difference,
)
from progenitor.trial._two_proportions import TwoProportions, compare_proportions
from progenitor.trial._waiting_strata import Arrivals, WaitingStrata
from progenitor.trial.designs import (
    Blrm,
    Boin,
    Boin12,
    Bop2,
    Crm,
    ExactBinomial,
    GroupSequential,
    Keyboard,
    Mtpi,
    PredictiveProbability,
    SimonTwoStage,
    ThreePlusThree,
    TiteBoin,
    TiteCrm,
)
from progenitor.trial.endpoints import (
    AplasiaDays,
    BCellAplasia,
    CellularKinetics,
    CrsGrades,
    CytokineReleaseCourse,
    CytokineReleaseSyndrome,
    Cytopenia,
    CytopeniaGrades,
    CytopeniaLine,
    DoseLimitingToxicity,
    DurationOfResponse,
    EventFreeSurvival,
    GraftVersusHostDisease,
    Haematotoxicity,
    HaematotoxicityGrades,
    HlhLikeSyndrome,
    ImwgResponse,
    InfectionCounts,
    InfectionRate,
    IntervalPersistence,
    LeukaemiaCode,
    LeukaemiaResponse,
    LossInterval,
    LuganoResponse,
    MinimalResidualDisease,
    NeurotoxicitySyndrome,
    OrganStages,
    OverallSurvival,
    OxidaseDays,
    OxidasePositiveNeutrophils,
    Persistence,
    PooledRate,
    ProgressionFreeSurvival,
    RecistResponse,
    ToxicityFindings,
)
from progenitor.trial.rules import (
    STRATEGIES,
    AccrualPause,
    AnalysisSet,
    Backfill,
    BayesianToxicityStopping,
    Departure,
    DoseFeasibility,
    EstimandStrategy,
    ExpansionCohort,
    IntercurrentEvent,
    MinimumFollowUp,
    RepeatedToxicityTest,
    Replacement,
    SentinelGap,
    TimeZero,
    members,
    require_one_time_zero,
    require_time_zero,
    waiting_attrition,
)

__all__ = [
    "EVENT_METHODS",
    "STRATEGIES",
    "AbstractDesign",
    "AbstractDoseFinding",
    "AbstractHold",
    "AcceleratedFailure",
    "Accrual",
    "AccrualPause",
    "AnalysisSet",
    "AplasiaDays",
    "ArmEffects",
    "ArmHazards",
    "Arrivals",
    "BCellAplasia",
    "Backfill",
    "BayesianToxicityStopping",
    "BlockedArms",
    "Blrm",
    "Boin",
    "Boin12",
    "Bop2",
    "CalendarPatients",
    "CalendarTrial",
    "CellularKinetics",
    "Characteristics",
    "Concordance",
    "ConditionalPower",
    "ConductRules",
    "ConductView",
    "ConfirmedAssessment",
    "Contrast",
    "CoxFit",
    "Crm",
    "CrsGrades",
    "CumulativeIncidence",
    "CurveFit",
    "CurveModel",
    "CytokineReleaseCourse",
    "CytokineReleaseSyndrome",
    "Cytopenia",
    "CytopeniaGrades",
    "CytopeniaLine",
    "Decision",
    "Decisions",
    "Departure",
    "DoseBank",
    "DoseCharacteristics",
    "DoseDecision",
    "DoseDecisions",
    "DoseFeasibility",
    "DoseLimitingToxicity",
    "DoseMove",
    "DosePatients",
    "DoseState",
    "DoseTrials",
    "DunnettTest",
    "DurationOfResponse",
    "ErrorSpending",
    "Estimand",
    "EstimandStrategy",
    "EstimandTimes",
    "Estimate",
    "EventFreeSurvival",
    "EventMethod",
    "EventTimes",
    "ExactBinomial",
    "ExpansionCohort",
    "FailureTimes",
    "FeasibilityComparison",
    "FeasibilityPolicy",
    "FeasibleTrials",
    "GradeCourse",
    "GraftVersusHostDisease",
    "GroupSequential",
    "Haematotoxicity",
    "HaematotoxicityGrades",
    "HlhLikeSyndrome",
    "Hold",
    "ImwgResponse",
    "InfectionCounts",
    "InfectionRate",
    "IntercurrentData",
    "IntercurrentEvent",
    "IntervalIncidence",
    "IntervalMethod",
    "IntervalPersistence",
    "KaplanMeier",
    "Keyboard",
    "LeukaemiaCode",
    "LeukaemiaResponse",
    "LimitScale",
    "LogEntry",
    "LogHazardRatio",
    "LogHazardRatios",
    "LogRank",
    "LogisticPosterior",
    "Looks",
    "LossInterval",
    "LuganoResponse",
    "MaxCombo",
    "MilestoneSurvival",
    "MinimalResidualDisease",
    "MinimumFollowUp",
    "MixedModel",
    "MixtureCure",
    "MouseBank",
    "MouseDesign",
    "MouseStudies",
    "Mtpi",
    "MyelomaLimits",
    "MyelomaResponse",
    "NeurotoxicitySyndrome",
    "NormalAssurance",
    "OperatingCharacteristics",
    "OrganStages",
    "OutcomeBank",
    "OverallSurvival",
    "OxidaseDays",
    "OxidasePositiveNeutrophils",
    "Persistence",
    "PhTest",
    "PolicyResult",
    "PooledRate",
    "PredictiveProbability",
    "ProductResult",
    "ProgressionFreeSurvival",
    "RandomEffect",
    "RecistResponse",
    "RemovedMice",
    "RepeatedToxicityTest",
    "Replacement",
    "ResampledPatients",
    "Response",
    "ResponseAssessment",
    "RestrictedMean",
    "SentinelGap",
    "SequentialEnds",
    "SimonTwoStage",
    "SpendingFamily",
    "SurvivalSize",
    "SurvivalTrial",
    "ThreePlusThree",
    "ThreePlusThreeOutcomes",
    "Ties",
    "TimeInterval",
    "TimeTransform",
    "TimeZero",
    "TiteBoin",
    "TiteCrm",
    "ToxicityCharacteristics",
    "ToxicityCriterion",
    "ToxicityFindings",
    "TreatedPatient",
    "TrueDoses",
    "TwoLevel",
    "TwoProportions",
    "TwoStageInference",
    "WaitingStrata",
    "WithoutEvent",
    "accelerated_failure",
    "arrival_days",
    "assurance",
    "between_variance",
    "bidimensional_size",
    "binomial_interval",
    "binomial_p_value",
    "compare_feasibility",
    "compare_hazards",
    "compare_measurements",
    "compare_milestones",
    "compare_proportions",
    "compare_restricted_means",
    "compare_units",
    "concordance",
    "conditional_power",
    "conduct_calendar",
    "conduct_dose_finding",
    "conduct_feasible",
    "conduct_mouse_studies",
    "conduct_timed",
    "cox_regression",
    "cumulative_incidence",
    "dose_characteristics",
    "dose_feasibility",
    "dunnett_critical",
    "dunnett_tail",
    "dunnett_test",
    "efficacy_bounds",
    "equal_looks",
    "estimate",
    "estimate_from_draws",
    "fine_gray",
    "fit_batches",
    "grade_course",
    "growth_rates",
    "hazard_ratio",
    "hazard_ratios",
    "indifference_skeleton",
    "interval_incidence",
    "kaplan_meier",
    "log_rank",
    "max_combo",
    "median_times",
    "members",
    "milestone_survival",
    "mixed_model",
    "mixture_cure",
    "narrate_dose_finding",
    "normal_assurance",
    "operating_characteristics",
    "paired_difference",
    "posterior_exceeds",
    "predictive_probability",
    "probability_greater",
    "proportional_hazards_test",
    "published_endpoint",
    "randomise_in_blocks",
    "remove_at_humane_endpoint",
    "require_one_time_zero",
    "require_time_zero",
    "restricted_mean",
    "sample_calendar_patients",
    "toxicity_characteristics",
    "toxicity_days",
    "toxicity_outcomes",
    "true_doses",
    "two_stage_inference",
    "unidimensional_size",
    "waiting_attrition",
]
