using PrivateInference.Frontend.Importing;
using PrivateInference.Frontend.Shapes;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>
/// Einstein summation as transpositions, reshapes and products, two operands at a time: axes of both that stay are a
/// batch, axes of both that do not are the inner axis of a matrix product, the others are rows and columns.
/// </summary>
internal static class Einsum
{
    public static (string Name, OperatorImporter Importer)[] Operators => [("Einsum", Import)];

    /// <summary>A value and the label of each of its axes.</summary>
    private readonly record struct Labelled(Operand Value, int[] Labels)
    {
        public int Size(int label) => Value.Shape[Array.IndexOf(Labels, label)];

        public Shape ShapeOf(IEnumerable<int> labels) => new([.. labels.Select(Size)]);
    }

    private static void Import(ImportContext context)
    {
        Operand[] operands = context.AllInputs();
        EinsumEquation equation = EinsumEquation.Parse(context.Attributes.Text("equation", ""), [.. operands.Select(o => o.Shape.Rank)]);
        Labelled[] terms = [.. operands.Select((o, i) => Diagonal(context, new Labelled(o, equation.Inputs[i])))];
        RequireSizes(terms);
        Labelled result = terms[0];
        for (int i = 1; i < terms.Length; i++)
        {
            int[] kept = [.. equation.Output.Concat(terms.Skip(i + 1).SelectMany(t => t.Labels)).Distinct()];
            result = Product(context, Summed(context, result, [.. kept, .. terms[i].Labels]), Summed(context, terms[i], [.. kept, .. result.Labels]), kept);
        }

        result = Summed(context, result, equation.Output);
        int[] order = [.. equation.Output.Select(label => Array.IndexOf(result.Labels, label))];
        bool inOrder = order.SequenceEqual(Enumerable.Range(0, order.Length));
        context.Result(inOrder ? new Identity() : new Transpose(new IntVector(order)), result.Value);
    }

    private static void RequireSizes(Labelled[] terms)
    {
        foreach (IGrouping<int, int> sizes in terms.SelectMany(t => t.Labels.Select(l => (Label: l, Size: t.Size(l)))).ToLookup(p => p.Label, p => p.Size))
        {
            if (sizes.Where(s => s != 1 || sizes.Key > 0).Distinct().Count() > 1)
                throw new GraphException($"The equation gives one label to axes of {string.Join(" and ", sizes.Distinct())} elements.");
        }
    }

    /// <summary>A label twice in one operand reads the diagonal: every (n + 1)-th element of the two axes joined.</summary>
    private static Labelled Diagonal(ImportContext context, Labelled term)
    {
        if (term.Labels.Distinct().Count() == term.Labels.Length)
            return term;
        int label = term.Labels.GroupBy(l => l).First(g => g.Count() > 1).Key;
        int first = Array.IndexOf(term.Labels, label), second = Array.IndexOf(term.Labels, label, first + 1);
        int[] others = [.. Enumerable.Range(0, term.Labels.Length).Where(axis => axis != first && axis != second)];
        int size = term.Value.Shape[first];
        if (term.Value.Shape[second] != size)
            throw new GraphException($"The equation gives one label to axes of {size} and {term.Value.Shape[second]} elements.");
        Operand ordered = Transposed(context, term.Value, [.. others, first, second]);
        int[] dimensions = [.. others.Select(axis => term.Value.Shape[axis])];
        Operand joined = context.Step("joined", new Reshape(new Shape([.. dimensions, checked(size * size)])), ordered);
        IntVector steps = new([.. IntVector.Repeat(1, dimensions.Length).AsSpan(), size + 1]);
        Slice diagonal = new(IntVector.Repeat(0, dimensions.Length + 1), new IntVector([.. dimensions, size]), steps);
        return Diagonal(context, new Labelled(context.Step("diagonal", diagonal, joined), [.. others.Select(axis => term.Labels[axis]), label]));
    }

    /// <summary>Adds up over the axes whose labels nothing needs: a product with a vector of ones.</summary>
    private static Labelled Summed(ImportContext context, Labelled term, int[] kept)
    {
        int[] rest = [.. term.Labels.Intersect(kept)], dropped = [.. term.Labels.Except(kept)];
        if (dropped.Length == 0)
            return term;
        int count = term.ShapeOf(dropped).Count;
        Shape shape = new([.. term.ShapeOf(rest).Dimensions.AsSpan(), count]);
        Operand lines = Reshaped(context, Ordered(context, term, [.. rest, .. dropped]), shape);
        context.Reserve(new Shape(count));
        Operand one = context.StepScalar("one", lines, 1);
        Operand ones = context.StepConstant("ones", Broadcasting.Expand(one.Constant!, new Shape(count)));
        return new Labelled(context.Step("sum", new MatMul(), lines, ones), rest);
    }

    private static Labelled Product(ImportContext context, Labelled a, Labelled b, int[] kept)
    {
        int[] shared = [.. a.Labels.Intersect(b.Labels)];
        int[] batch = [.. shared.Intersect(kept)], inner = [.. shared.Except(kept)];
        int[] rows = [.. a.Labels.Except(shared)], columns = [.. b.Labels.Except(shared)];
        int[] labels = [.. batch, .. rows, .. columns];
        Operand left = Ordered(context, a, [.. batch, .. rows, .. inner]), right = Ordered(context, b, [.. batch, .. inner, .. columns]);
        if (inner.Length == 0)
        {
            left = Reshaped(context, left, new Shape([.. left.Shape.Dimensions.AsSpan(), .. IntVector.Repeat(1, columns.Length).AsSpan()]));
            right = Reshaped(context, right, new Shape([.. b.ShapeOf(batch).Dimensions.AsSpan(), .. IntVector.Repeat(1, rows.Length).AsSpan(), .. b.ShapeOf(columns).Dimensions.AsSpan()]));
            return new Labelled(context.Step("product", new Binary(BinaryKind.Mul), left, right), labels);
        }

        int depth = a.ShapeOf(inner).Count;
        left = Reshaped(context, left, new Shape([.. a.ShapeOf(batch).Dimensions.AsSpan(), a.ShapeOf(rows).Count, depth]));
        right = Reshaped(context, right, new Shape([.. b.ShapeOf(batch).Dimensions.AsSpan(), depth, b.ShapeOf(columns).Count]));
        Operand product = context.Step("matmul", new MatMul(), left, right);
        Shape shape = new([.. product.Shape.Dimensions.AsSpan()[..^2], .. a.ShapeOf(rows).Dimensions.AsSpan(), .. b.ShapeOf(columns).Dimensions.AsSpan()]);
        return new Labelled(Reshaped(context, product, shape), labels);
    }

    private static Operand Ordered(ImportContext context, Labelled term, int[] labels)
        => Transposed(context, term.Value, [.. labels.Select(label => Array.IndexOf(term.Labels, label))]);

    private static Operand Transposed(ImportContext context, Operand value, int[] order)
        => order.SequenceEqual(Enumerable.Range(0, order.Length)) ? value : context.Step("ordered", new Transpose(new IntVector(order)), value);

    private static Operand Reshaped(ImportContext context, Operand value, Shape shape)
        => value.Shape == shape ? value : context.Step("shaped", new Reshape(shape), value);
}
