using System.Collections.Immutable;

namespace PrivateInference.Backends;

/// <summary>The plan against the float model on the calibration samples.</summary>
/// <param name="Samples">How many there were.</param>
/// <param name="SameTop">Samples whose largest output element is the same in both.</param>
/// <param name="LargestError">The largest absolute difference of an output element.</param>
/// <param name="OutOfRange">Names of values that left their analysed bits on some sample; empty unless the margin is too small.</param>
public sealed record CalibrationResult(int Samples, int SameTop, double LargestError, ImmutableArray<string> OutOfRange);
