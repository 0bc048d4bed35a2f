using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Tests.Operators;

public class TransposedConvolutionTests
{
    [Theory]
    [InlineData(1, 1, 3, 0, 0, 0, 1)]
    [InlineData(2, 1, 2, 0, 0, 0, 1)]
    [InlineData(2, 1, 4, 1, 1, 0, 2)]
    [InlineData(3, 2, 3, 1, 2, 2, 1)]
    [InlineData(2, 1, 2, 2, 3, 1, 2)]
    public void Every_element_is_scattered_through_the_kernel(int stride, int dilation, int kernel, int padBegin, int padEnd, int outputPadding, int groups)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 2, 2, 4, 4).Weights("w", 2, 3, kernel, kernel).Weights("b", 3 * groups).Node(
            "ConvTranspose", "x w b", "y", ("strides", new[] { stride, stride }), ("dilations", new[] { dilation, dilation }), ("group", groups),
            ("pads", new[] { padBegin, padBegin, padEnd, padEnd }), ("output_padding", new[] { outputPadding, outputPadding })).Output("y");
        Graph graph = builder.Import().Graph;
        Tensor x = Tensor.FromFloats(new Shape(2, 2, 4, 4), [.. Enumerable.Range(0, 64).Select(i => ((i * 5 % 13) - 6) / 4f)]);
        int full = (3 * stride) + ((kernel - 1) * dilation) + 1;
        Tensor result = FloatInterpreter.Run(graph, [x])[0];
        Assert.Equal(new Shape(2, 3 * groups, full - padBegin - padEnd + outputPadding, full - padBegin - padEnd + outputPadding), result.Shape);
        float[] expected = Scattered(x, groups, stride, dilation, kernel, padBegin, result.Shape);
        Assert.Equal(expected, result.Floats.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-4f);
        Assert.Contains(graph.Nodes, n => n.Operation is Conv);
    }

    [Theory]
    [InlineData("SAME_UPPER", 8)]
    [InlineData("SAME_LOWER", 8)]
    [InlineData("VALID", 9)]
    public void Derived_pads_give_the_wanted_size(string autoPad, int expected)
        => Assert.Equal(expected, Model(("strides", new[] { 2 }), ("auto_pad", autoPad)).Import().Graph.Outputs[0].Shape[2]);

    [Theory]
    [InlineData(7)]
    [InlineData(10)]
    public void A_wanted_size_crops_or_grows(int size)
        => Assert.Equal(size, Model(("strides", new[] { 2 }), ("output_shape", new[] { size })).Import().Graph.Outputs[0].Shape[2]);

    [Theory]
    [InlineData("strides", 1 << 30)]
    [InlineData("output_padding", 1 << 30)]
    [InlineData("output_shape", 1 << 30)]
    [InlineData("strides", 0)]
    public void Sizes_without_bounds_are_refused(string name, int value)
        => Model((name, new[] { value })).AssertRefused(DiagnosticCodes.InvalidNode);

    private static OnnxModelBuilder Model(params (string, object)[] attributes)
        => new OnnxModelBuilder().Input("x", 1, 1, 4).Weights("w", 1, 1, 3).Node("ConvTranspose", "x w", "y", attributes).Output("y");

    private static float Weight(int i) => ((i * 7 % 11) - 5) / 8f;

    /// <summary>The definition: output[position·stride + tap·dilation − pad] += input[position]·weight[tap].</summary>
    private static float[] Scattered(Tensor x, int groups, int stride, int dilation, int kernel, int pad, Shape shape)
    {
        int channels = 2 / groups, size = shape[2];
        float[] result = [.. Enumerable.Range(0, shape.Count).Select(i => Weight(i / (size * size) % shape[1]))];
        foreach (int i in Enumerable.Range(0, x.Shape.Count))
        {
            int column = i % 4, row = i / 4 % 4, channel = i / 16 % 2, image = i / 32;
            foreach (int w in Enumerable.Range(0, 3 * kernel * kernel))
            {
                int filter = (channel / channels * 3) + (w / (kernel * kernel));
                int at = (column * stride) + (w % kernel * dilation) - pad, line = (row * stride) + (w / kernel % kernel * dilation) - pad;
                if (at >= 0 && at < size && line >= 0 && line < size)
                    result[(((((image * shape[1]) + filter) * size) + line) * size) + at] += x.Floats[i] * Weight((channel * 3 * kernel * kernel) + w);
            }
        }

        return result;
    }
}
