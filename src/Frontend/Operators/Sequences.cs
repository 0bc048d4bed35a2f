using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Lists of tensors and optional tensors, which exist only while importing: positions are known when compiling.</summary>
internal static class Sequences
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("ConcatFromSequence", ConcatFromSequence),
        ("Optional", context => context.Result(context.Input(0))),
        ("OptionalGetElement", context => context.Result(context.Input(0))),
        ("OptionalHasElement", context => context.Result(Bool(context.OptionalInput(0) is not null))),
        ("SequenceAt", context => context.Result(Items(context)[Position(context, 1, Items(context).Count - 1)])),
        ("SequenceConstruct", context => Define(context, context.AllInputs())),
        ("SequenceEmpty", context => Define(context, [])),
        ("SequenceErase", SequenceErase),
        ("SequenceInsert", SequenceInsert),
        ("SequenceLength", context => context.Result(Tensor.FromInt64(Items(context).Count).Reshape(Shape.Scalar))),
        ("SplitToSequence", SplitToSequence),
    ];

    private static void ConcatFromSequence(ImportContext context)
    {
        Operand[] items = [.. Items(context)];
        if (items.Length == 0)
            throw new GraphException("The sequence is empty.");
        bool stacks = context.Attributes.Flag("new_axis");
        Shape first = items[0].Shape;
        int axis = (stacks ? new Shape([1, .. first.Dimensions]) : first).NormalizeAxis(checked((int)context.Attributes.Int("axis")));
        if (stacks)
        {
            Shape extended = new([.. first.Dimensions.Take(axis), 1, .. first.Dimensions.Skip(axis)]);
            items = [.. items.Select((item, i) => context.Step($"item{i}", new Reshape(extended), item))];
        }

        context.Result(new Concat(axis), items);
    }

    private static void SequenceErase(ImportContext context)
    {
        List<Operand> items = [.. Items(context)];
        items.RemoveAt(Position(context, 1, items.Count - 1));
        Define(context, items);
    }

    private static void SequenceInsert(ImportContext context)
    {
        List<Operand> items = [.. Items(context)];
        items.Insert(context.OptionalInput(2) is null ? items.Count : Position(context, 2, items.Count), context.Input(1));
        Define(context, items);
    }

    private static void SplitToSequence(ImportContext context)
    {
        Shape shape = context.Input(0).Shape;
        int axis = shape.NormalizeAxis(checked((int)context.Attributes.Int("axis", absent: 0)));
        Tensor? split = context.OptionalConstant(1, "split");
        long[] sizes = split is { Shape.Rank: 1 } ? split.Integers.ToArray() : Chunks(context, shape[axis], split?.Integers[0] ?? 1);
        bool keep = split is not null || context.Attributes.Flag("keepdims", absent: true);
        List<Operand> items = [];
        foreach ((int i, Slice slice) in Slicing.Parts(shape, axis, sizes).Index())
        {
            Operand item = context.Step($"part{i}", slice, context.Input(0));
            items.Add(keep ? item : context.Step($"squeezed{i}", new Reshape(new Shape([.. item.Shape.Dimensions.Where((_, a) => a != axis)])), item));
        }

        Define(context, items);
    }

    /// <summary>Parts of one size; the last one takes what is left.</summary>
    private static long[] Chunks(ImportContext context, int dimension, long size)
    {
        if (size < 1)
            throw new GraphException($"Parts have size {size}.");
        long count = (dimension + Math.Min(size, dimension) - 1) / Math.Min(size, Math.Max(dimension, 1));
        context.ReserveNodes(count);
        return [.. Enumerable.Range(0, (int)count).Select(i => Math.Min(size, dimension - (i * size)))];
    }

    private static void Define(ImportContext context, IReadOnlyList<Operand> items) => context.Result(new Operand(context.ResultName, items));

    private static IReadOnlyList<Operand> Items(ImportContext context)
        => context.Input(0).Items ?? throw new GraphException($"'{context.Input(0).Name}' is a tensor where a sequence is expected.");

    /// <summary>A position up to <paramref name="last"/>; negative ones count from the end.</summary>
    private static int Position(ImportContext context, int input, int last)
    {
        Tensor position = context.Constant(input, "position");
        long at = position.Shape.Count == 1 ? position.Integers[0] : throw new GraphException("A position is one number.");
        int count = Items(context).Count;
        at = at < 0 ? at + count : at;
        return at >= 0 && at <= last ? (int)at : throw new GraphException($"A sequence of {count} has no position {position.Integers[0]}.");
    }

    private static Tensor Bool(bool value) => Tensor.FromIntegers(new TensorType(ElementType.Bool, Shape.Scalar), [value ? 1 : 0]);
}
