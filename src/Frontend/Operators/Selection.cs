using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Parts of a tensor by a mask, and masks.</summary>
internal static class Selection
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("Compress", Compress),
        ("EyeLike", EyeLike),
        ("NonZero", NonZero),
        ("OneHot", OneHot),
        ("Trilu", Trilu),
    ];

    private static void Compress(ImportContext context)
    {
        Operand input = context.Input(0);
        long[] condition = context.Constant(1, "condition").Integers.ToArray();
        OperationChain chain = new(context, input);
        if (!context.Attributes.Has("axis"))
            chain.Then(new Reshape(new Shape(input.Shape.Count)));
        int axis = chain.Shape.NormalizeAxis(checked((int)context.Attributes.Int("axis", absent: 0)));
        int[] kept = [.. Enumerable.Range(0, condition.Length).Where(i => condition[i] != 0)];
        if (condition.Length > chain.Shape[axis])
            throw new GraphException($"{condition.Length} conditions do not fit axis {axis} of {chain.Shape}.");
        chain.ThenGather(context, axis, kept.Length, i => kept[i]);
        chain.Result();
    }

    private static void EyeLike(ImportContext context)
    {
        TensorType input = context.Input(0).Type;
        if (input.Shape.Rank != 2)
            throw new GraphException($"A diagonal matrix has two axes, not the shape {input.Shape}.");
        long diagonal = context.Attributes.Int("k", absent: 0);
        context.Reserve(input.Shape);
        float[] ones = [.. Cells(input.Shape).Select(cell => cell.Column - cell.Row == diagonal ? 1f : 0f)];
        TensorType type = context.Attributes.Has("dtype") ? new TensorType(context.ElementType("dtype"), input.Shape) : input;
        context.Result(type.IsFloat ? Tensor.FromFloats(type, ones) : Tensor.FromIntegers(type, Array.ConvertAll(ones, v => (long)v)));
    }

    /// <summary>Coordinates of the elements that are not 0, one axis a row.</summary>
    private static void NonZero(ImportContext context)
    {
        Tensor input = context.Constant(0, "operand");
        int[] positions = [.. Enumerable.Range(0, input.Shape.Count).Where(i => input.Type.IsFloat ? input.Floats[i] != 0 : input.Integers[i] != 0)];
        Shape shape = new(input.Shape.Rank, positions.Length);
        context.Reserve(shape);
        int[] strides = input.Shape.Strides();
        long[] coordinates = [.. strides.SelectMany((stride, axis) => positions.Select(p => (long)(p / stride % input.Shape[axis])))];
        context.Result(Tensor.FromIntegers(new TensorType(ElementType.Int64, shape), coordinates));
    }

    /// <summary>on where the index is the position along the new axis, or the position less the depth; off elsewhere.</summary>
    private static void OneHot(ImportContext context)
    {
        Operand indices = context.Input(0);
        Tensor depth = context.Constant(1, "depth"), values = context.Constant(2, "values");
        if (depth.Shape.Count != 1 || values.Shape.Count != 2)
            throw new GraphException("The depth is not one number, or the values are not two.");
        int size = checked((int)(depth.Type.IsFloat ? (long)depth.Floats[0] : depth.Integers[0]));
        Shape extended = new([.. indices.Shape.Dimensions, 1]);
        int axis = extended.NormalizeAxis(checked((int)context.Attributes.Int("axis", absent: -1)));
        int[] before = [.. indices.Shape.Dimensions.Take(axis)], after = [.. indices.Shape.Dimensions.Skip(axis)];
        context.Reserve(new Shape([.. before, size, .. after]));
        Shape line = new([size, .. after.Select(_ => 1)]);
        context.Reserve(line);
        Operand whole = context.Step("whole", new Cast(ElementType.Int64), indices), column = context.Step("column", new Reshape(new Shape([.. before, 1, .. after])), whole);
        Operand hot = context.Step("hot", new Logical(LogicalKind.Or), Equals("positive", 0), Equals("negative", -size));
        context.Result(new Where(), [hot, Value("on", 1), Value("off", 0)]);

        Operand Equals(string role, long first)
        {
            Tensor positions = Tensor.FromIntegers(new TensorType(ElementType.Int64, line), [.. Enumerable.Range(0, size).Select(i => first + i)]);
            return context.Step(role, new Compare(CompareKind.Equal), column, context.StepConstant($"{role}-positions", positions));
        }

        Operand Value(string role, long index)
            => context.Step(role, new Gather(0), context.StepConstant("values", values.Reshape(new Shape(2))), context.StepConstant(role, Index(index)));
    }

    private static Tensor Index(long index) => Tensor.FromIntegers(new TensorType(ElementType.Int64, Shape.Scalar), [index]);

    /// <summary>What lies on the wrong side of the diagonal is read from a zero appended to the elements.</summary>
    private static void Trilu(ImportContext context)
    {
        Operand input = context.Input(0);
        if (input.Shape.Rank < 2)
            throw new GraphException($"A triangular matrix has at least two axes, not the shape {input.Shape}.");
        bool upper = context.Attributes.Flag("upper", absent: true);
        long diagonal = context.OptionalConstant(1, "k")?.Integers[0] ?? 0;
        Shape matrix = new(input.Shape.Dimensions.AsSpan()[^2..]);
        context.Reserve(input.Shape);
        bool[] kept = [.. Cells(matrix).Select(cell => upper ? cell.Column - cell.Row >= diagonal : cell.Column - cell.Row <= diagonal)];
        int count = input.Shape.Count;
        Tensor positions = Tensor.FromIntegers(
            new TensorType(ElementType.Int64, input.Shape), [.. Enumerable.Range(0, count).Select(i => kept[i % kept.Length] ? (long)i : count)]);
        new OperationChain(context, input).Then(new Reshape(new Shape(count))).Then(new Pad(new IntVector(0, 1)))
            .Then(new Gather(0), context.StepConstant("positions", positions)).Result();
    }

    private static IEnumerable<(int Row, int Column)> Cells(Shape matrix)
        => Enumerable.Range(0, matrix.Count).Select(i => (i / matrix[1], i % matrix[1]));
}
