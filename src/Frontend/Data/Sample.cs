using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>One input of a model, and its class where the data says it.</summary>
/// <param name="Input">A tensor of the model's input type with batch size 1.</param>
/// <param name="Label">The class, or null.</param>
public sealed record Sample(Tensor Input, int? Label);
