namespace PrivateInference.Passes.Checking;

/// <summary>Two graphs' outputs on the same inputs.</summary>
/// <param name="Samples">How many inputs were compared.</param>
/// <param name="LargestError">The largest difference of two elements, relative to the range of the reference's output.</param>
/// <param name="SameTop">Of the samples, those whose largest output element stands at the same place.</param>
public sealed record OutputDifference(int Samples, double LargestError, int SameTop);
