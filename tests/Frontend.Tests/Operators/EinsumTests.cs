using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests.Operators;

public class EinsumTests
{
    [Theory]
    [InlineData("ij,jk->ik", "23 34")]
    [InlineData("ij,jk", "23 34")]
    [InlineData("bhid,bhjd->bhij", "2134 2154")]
    [InlineData("bhij,bhjd->bhid", "2134 2145")]
    [InlineData("bnqd, bnkd -> bnqk", "2334 2354")]
    [InlineData("bij,bjk->kbi", "223 234")]
    [InlineData("i,j->ji", "2 3")]
    [InlineData("i,i->i", "3 3")]
    [InlineData("i,i->", "3 3")]
    [InlineData("ij->ji", "23")]
    [InlineData("ij->i", "23")]
    [InlineData("ijk->", "234")]
    [InlineData("ii->i", "33")]
    [InlineData("ii", "33")]
    [InlineData("bii->ib", "233")]
    [InlineData("ij,ik,jk->", "23 24 34")]
    [InlineData("ab,bc,cd->ad", "23 34 42")]
    [InlineData("ab,cd->bd", "23 42")]
    public void Products_are_summed_over_the_labels_that_the_output_lacks(string equation, string shapes)
    {
        Tensor[] operands = [.. shapes.Split(' ').Select((digits, i) => Varied([.. digits.Select(c => c - '0')], i + 1))];
        Assert.Equal(Reference(equation, operands), Run(equation, operands).Floats.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-4f);
    }

    [Fact]
    public void An_ellipsis_broadcasts()
    {
        Tensor result = Run("...ij,...jk->...ik", Varied([2, 1, 2, 3], 1), Varied([4, 3, 2], 2));
        Assert.Equal(new Shape(2, 4, 2, 2), result.Shape);
        float[] expected = Reference("aij,bjk->abik", Varied([2, 2, 3], 1), Varied([4, 3, 2], 2));
        Assert.Equal(expected, result.Floats.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-4f);
    }

    [Fact]
    public void Integers_are_summed_too()
    {
        Graph graph = new OnnxModelBuilder().Input("x", DataType.Int64, 2, 2).Node("Einsum", "x", "y", ("equation", "ij->j")).Output("y").Import().Graph;
        Tensor x = Tensor.FromIntegers(graph.Inputs[0].Type, [1, 2, 3, 4]);
        Assert.Equal([4L, 6L], FloatInterpreter.Run(graph, [x])[0].Integers);
    }

    [Theory]
    [InlineData("ij,jk->ik")]
    [InlineData("ijk->i")]
    [InlineData("ij->ii")]
    [InlineData("ij->k")]
    [InlineData("i1->i")]
    [InlineData("......->")]
    [InlineData("...ijk->i")]
    [InlineData("ii->i")]
    [InlineData("ij->i->j")]
    [InlineData("")]
    public void Equations_without_meaning_are_refused(string equation)
        => new OnnxModelBuilder().Input("x", 2, 3).Node("Einsum", "x", "y", ("equation", equation)).Output("y").AssertRefused(DiagnosticCodes.InvalidNode);

    private static Tensor Run(string equation, params Tensor[] operands)
    {
        OnnxModelBuilder builder = new();
        for (int i = 0; i < operands.Length; i++)
            builder.Input($"x{i}", [.. operands[i].Shape.Dimensions.Select(d => (object)d)]);
        builder.Node("Einsum", string.Join(' ', operands.Select((_, i) => $"x{i}")), "y", ("equation", equation)).Output("y");
        return FloatInterpreter.Run(builder.Import().Graph, operands)[0];
    }

    private static Tensor Varied(int[] shape, int seed)
        => Tensor.FromFloats(new Shape(shape), [.. Enumerable.Range(0, new Shape(shape).Count).Select(i => ((i * (5 + (2 * seed)) % 13) - 6) / 4f)]);

    /// <summary>One loop over every assignment of an index to every label.</summary>
    private static float[] Reference(string equation, params Tensor[] operands)
    {
        string[] sides = equation.Replace(" ", "", StringComparison.Ordinal).Split("->"), terms = sides[0].Split(',');
        string output = sides.Length > 1 ? sides[1] : string.Concat(string.Concat(terms).GroupBy(c => c).Where(g => g.Count() == 1).Select(g => g.Key).Order());
        char[] labels = [.. string.Concat(terms).Distinct()];
        int[] sizes = [.. labels.Select(l => operands[Array.FindIndex(terms, t => t.Contains(l))].Shape[terms.First(t => t.Contains(l)).IndexOf(l)])];
        float[] result = new float[output.Aggregate(1, (count, l) => count * sizes[Array.IndexOf(labels, l)])];
        for (int flat = 0; flat < sizes.Aggregate(1, (a, b) => a * b); flat++)
        {
            Dictionary<char, int> index = [];
            for (int i = 0, rest = flat; i < labels.Length; rest /= sizes[i++])
                index[labels[i]] = rest % sizes[i];
            int Position(string term) => term.Aggregate(0, (position, l) => (position * sizes[Array.IndexOf(labels, l)]) + index[l]);
            result[Position(output)] += terms.Select((t, i) => operands[i].Floats[Position(t)]).Aggregate(1f, (a, b) => a * b);
        }

        return result;
    }
}
