using PrivateInference.Backends.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>Windows of the IR as the plan's two-dimensional geometry; one spatial axis becomes a row.</summary>
internal static class Windows
{
    public static ConvolutionGeometry Convolution(Shape input, Shape weight, Conv conv)
    {
        SpatialWindow w = conv.Window;
        bool planar = IsPlanar(input);
        return new ConvolutionGeometry
        {
            Batch = input[0],
            InputChannels = input[1],
            InputHeight = planar ? input[2] : 1,
            InputWidth = input[input.Rank - 1],
            OutputChannels = weight[0],
            KernelHeight = planar ? w.Kernel[0] : 1,
            KernelWidth = w.Kernel[w.Rank - 1],
            StrideHeight = planar ? w.Strides[0] : 1,
            StrideWidth = w.Strides[w.Rank - 1],
            DilationHeight = planar ? w.Dilations[0] : 1,
            DilationWidth = w.Dilations[w.Rank - 1],
            PadTop = planar ? w.PadBegin(0) : 0,
            PadLeft = w.PadBegin(w.Rank - 1),
            PadBottom = planar ? w.PadEnd(0) : 0,
            PadRight = w.PadEnd(w.Rank - 1),
            Groups = conv.Groups,
        };
    }

    public static PoolGeometry Pool(Shape input, Shape output, SpatialWindow w)
    {
        bool planar = IsPlanar(input);
        return new PoolGeometry
        {
            Planes = input[0] * input[1],
            InputHeight = planar ? input[2] : 1,
            InputWidth = input[input.Rank - 1],
            OutputHeight = planar ? output[2] : 1,
            OutputWidth = output[output.Rank - 1],
            KernelHeight = planar ? w.Kernel[0] : 1,
            KernelWidth = w.Kernel[w.Rank - 1],
            StrideHeight = planar ? w.Strides[0] : 1,
            StrideWidth = w.Strides[w.Rank - 1],
            DilationHeight = planar ? w.Dilations[0] : 1,
            DilationWidth = w.Dilations[w.Rank - 1],
            PadTop = planar ? w.PadBegin(0) : 0,
            PadLeft = w.PadBegin(w.Rank - 1),
        };
    }

    private static bool IsPlanar(Shape input) => input.Rank switch
    {
        4 => true,
        3 => false,
        _ => throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, $"Windows over {input.Rank - 2} spatial axes are not supported.", "Use one or two."),
    };
}
