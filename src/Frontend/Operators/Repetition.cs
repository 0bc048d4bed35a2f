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
    /// <param name="chain">Where to.</param>
    /// <param name="context">The node.</param>
    /// <param name="axis">Along which axis.</param>
    /// <param name="length">Its size after.</param>
    /// <param name="position">The element that each of the new ones copies.</param>
    public static void ThenGather(this OperationChain chain, ImportContext context, int axis, int length, Func<int, int> position)
    {
        context.Reserve(new Shape(length));
        long[] positions = new long[length];
        for (int i = 0; i < length; i++)
            positions[i] = position(i);
        if (length == chain.Shape[axis] && positions.Index().All(p => p.Index == p.Item))
            return;
        Tensor indices = Tensor.FromInt64(positions);
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
                chain.ThenGather(context, axis, shape[axis], _ => 0);
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
            chain.ThenGather(context, axis, Shape.Dimension(checked(size * repeats[axis])), i => i % size);
        }

        chain.Result();
    }
}
