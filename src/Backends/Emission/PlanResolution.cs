using System.Collections.Immutable;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Emission;

/// <summary>What a step can only know once every value is placed.</summary>
internal sealed record PlanResolution(ImmutableArray<PlanValue> Values, int RingBits, RlweSelector SelectRlwe);
