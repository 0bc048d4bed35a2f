using System.Globalization;
using PrivateInference.IR.Operations;
using PrivateInference.IR.Printing;
using static PrivateInference.IR.Tests.TestTensors;

namespace PrivateInference.IR.Tests.Printing;

public sealed class GraphPrinterTests
{
    [Fact]
    public void A_graph_prints_as_stable_SSA_text()
    {
        GraphBuilder builder = new("tiny");
        Value image = builder.Input("image", TensorType.Float(1, 1, 4, 4));
        Value weight = builder.Constant(Range(2, 1, 3, 3), "conv1.weight");
        Value bias = builder.Constant(F([2], 0.1f, -2), "conv1.bias");
        Value conv = builder.Add(new Conv(SpatialWindow.Create([3, 3], pad: 1)), [image, weight, bias], "conv1.out", "conv1");
        Value clip = builder.Add(new Clip(0, float.PositiveInfinity), [conv], "act");
        builder.Output(builder.Add(new AveragePool(SpatialWindow.Create([2, 2], stride: 2)), [clip], "pool"));
        builder.Output(conv);

        Assert.Equal(
            """
            graph @tiny(%image : f32[1x1x4x4]) {
              %conv1.weight = constant {sha256 = e2fea655} : f32[2x1x3x3]
              %conv1.bias = constant {sha256 = b47d60df, values = [0.1, -2]} : f32[2]
              %conv1.out = conv(%image, %conv1.weight, %conv1.bias) {kernel = [3, 3], strides = [1, 1], dilations = [1, 1], pads = [1, 1, 1, 1], groups = 1} : f32[1x2x4x4] loc(conv1)
              %act = clip(%conv1.out) {min = 0, max = inf} : f32[1x2x4x4]
              %pool = avgpool(%act) {kernel = [2, 2], strides = [2, 2], dilations = [1, 1], pads = [0, 0, 0, 0], ceil = false, count_include_pad = false} : f32[1x2x2x2]
              return %pool, %conv1.out
            }

            """.ReplaceLineEndings("\n"),
            GraphPrinter.Print(builder.Build()));
    }

    [Fact]
    public void Names_that_would_break_the_text_are_quoted()
    {
        GraphBuilder builder = new("a b");
        builder.Output(builder.Add(new Relu(), [builder.Input("/layer:0/x_1", TensorType.Float(1))], "say \"hi\"\n", "näme"));

        Assert.Equal(
            "graph @\"a b\"(%/layer:0/x_1 : f32[1]) {\n  %\"say \\\"hi\\\"\\u000a\" = relu(%/layer:0/x_1) : f32[1] loc(\"näme\")\n"
                + "  return %\"say \\\"hi\\\"\\u000a\"\n}\n",
            GraphPrinter.Print(builder.Build()));
    }

    [Fact]
    public void Integers_print_whole_and_long_constants_by_digest_alone()
    {
        GraphBuilder builder = new("g");
        builder.Output(builder.Constant(Tensor.FromInt64(1, -1), "shape"));
        builder.Output(builder.Constant(Range(8), "eight"));
        builder.Output(builder.Constant(Range(9), "nine"));

        string text = GraphPrinter.Print(builder.Build());

        Assert.Contains("values = [1, -1]} : i64[2]", text, StringComparison.Ordinal);
        Assert.Contains("values = [0, 1, 2, 3, 4, 5, 6, 7]} : f32[8]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("8]}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_digest_is_SHA_256_of_the_little_endian_elements()
    {
        // printf '\0\0\x80\x3f' | sha256sum, and of eight bytes for the integer 1
        Assert.Equal("e00e5eb9", TensorDigest.Short(Tensor.Scalar(1)));
        Assert.Equal("7c9fa136", TensorDigest.Short(Tensor.FromInt64(1)));
    }

    [Fact]
    public void The_culture_does_not_change_the_text()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NegativeSign = "~" };
        GraphBuilder builder = new("g");
        builder.Output(builder.Add(new Clip(-0.5f, 1.5f), [builder.Constant(F([1], -2.5f), "c")], "y"));
        builder.Output(builder.Constant(Tensor.FromInt64(-3), "i"));
        Graph graph = builder.Build();
        string expected = GraphPrinter.Print(graph);
        try
        {
            CultureInfo.CurrentCulture = odd;
            Assert.Equal(expected, GraphPrinter.Print(graph));
            Assert.Contains("min = -0.5, max = 1.5", expected, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
