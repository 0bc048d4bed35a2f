using PrivateInference.Frontend.Importing;
using PrivateInference.Frontend.Shapes;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Operators that repeat elements: one gather by constant positions along each axis.</summary>
internal static class Repetition
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("Expand", Expand),
        ("Tile", Tile),
    ];

    /// <summary>Appends a gather along an axis, unless it would keep everything in place.</summary>
    public static void ThenGather(this OperationChain chain, ImportContext context, int axis, int[] positions)
    {
        if (positions.Length == chain.Shape[axis] && positions.Index().All(p => p.Index == p.Item))
            return;
        context.Reserve(new Shape(positions.Length));
        Tensor indices = Tensor.FromInt64([.. positions.Select(p => (long)p)]);
        chain.Then(new Gather(axis), context.StepConstant($"axis{axis}", indices));
    }

    private static void Expand(ImportContext context)
    {
        Operand input = context.Input(0);
        Shape shape = Shape.Broadcast(input.Shape, context.Constant(1, "shape").ToShape());
        OperationChain chain = new(context, input);
        if (shape.Rank != input.Shape.Rank)
            chain.Then(new Reshape(new Shape([.. IntVector.Repeat(1, shape.Rank - input.Shape.Rank), .. input.Shape.Dimensions])));
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (chain.Shape[axis] != shape[axis])
                chain.ThenGather(context, axis, new int[shape[axis]]);
        }

        chain.Result();
    }

    private static void Tile(ImportContext context)
    {
        Operand input = context.Input(0);
        long[] repeats = context.Constant(1, "repeats").Integers.ToArray();
        if (repeats.Length != input.Shape.Rank || repeats.Any(r => r < 0))
            throw new GraphException($"Repeats [{string.Join(", ", repeats)}] do not fit {input.Shape}.");
        OperationChain chain = new(context, input);
        for (int axis = 0; axis < repeats.Length; axis++)
        {
            int size = input.Shape[axis];
            Shape repeated = new(Shape.Dimension(checked(size * repeats[axis])));
            chain.ThenGather(context, axis, [.. Enumerable.Range(0, repeated.Count).Select(i => i % size)]);
        }

        chain.Result();
    }
}
