using PrivateInference.Runtime.Hosting;

namespace PrivateInference.CommandLine.Support;

/// <summary>The outcome of one secure inference beside what is known about its sample.</summary>
/// <param name="Index">The sample's position in the input.</param>
/// <param name="Result">What the client learned.</param>
/// <param name="Label">The true class, where the input has labels.</param>
/// <param name="FloatClass">The class that the model predicts in floating point, where a model to compare with was given.</param>
internal sealed record Prediction(int Index, InferenceResult Result, int? Label, int? FloatClass);
