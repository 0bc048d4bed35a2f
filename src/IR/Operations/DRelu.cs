namespace PrivateInference.IR.Operations;

/// <summary>
/// The derivative of ReLU, the sign decision that secure inference pays for: 1 where x ≥ 0, else 0, element-wise. ReLU is
/// x·DReLU(x). A decision shared by a group of elements (Helbitz and Avidan, "Reducing ReLU Count for Privacy-Preserving
/// CNN Speedup", section 3) is the DReLU of a deciding value, gathered to the group's elements and multiplied with them.
/// </summary>
public sealed record DRelu : ElementwiseFunction
{
    public override string Name => "drelu";
}
