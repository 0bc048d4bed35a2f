namespace PrivateInference.Runtime.Plan;

/// <summary>Executes a plan in the clear with the plan's own ring arithmetic; this defines what a plan means.</summary>
public sealed class FixedPointInterpreter
{
}
