using PrivateInference.IR;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Emission;

/// <summary>A tensor of the weight file; rounding constants may still be added to its elements.</summary>
internal sealed record DraftTensor(string Name, Shape Shape, long[] Elements)
{
    public WeightTensor ToWeightTensor() => new() { Name = Name, Shape = [.. Shape.Dimensions], Elements = [.. Elements] };
}
