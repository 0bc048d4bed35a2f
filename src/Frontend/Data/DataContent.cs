using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>What a data file turned out to hold.</summary>
internal abstract record DataContent
{
    public sealed record Values(Tensor Tensor) : DataContent;

    public sealed record Images(PixelImages Pixels) : DataContent;

    public sealed record Labels(int[] Classes) : DataContent;
}
