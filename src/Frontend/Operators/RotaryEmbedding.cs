using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>
/// Rotary position embedding (Su et al., "RoFormer", section 3.2.2): pairs of features turn by an angle that depends on
/// the position. The operand is batch×heads×length×size, or batch×length×(heads·size).
/// </summary>
internal static class RotaryEmbedding
{
    public static (string Name, OperatorImporter Importer)[] Operators => [("RotaryEmbedding", Import)];

    private static void Import(ImportContext context)
    {
        Operand input = context.Input(0);
        Operand features = Split(context, input);
        int size = features.Shape[3], turned = checked((int)context.Attributes.Int("rotary_embedding_dim", absent: 0));
        turned = turned == 0 ? size : turned;
        if (turned < 0 || turned > size || turned % 2 != 0)
            throw new GraphException($"{turned} of {size} features do not make pairs.");
        OperationChain chain = Turned(context, features, turned);
        if (turned < size)
            chain.Then(new Concat(3), Part(context, features, "rest", turned, size - turned));
        if (input.Shape.Rank == 3)
            chain.Then(new Reshape(input.Shape));
        chain.Result();
    }

    private static Operand Split(ImportContext context, Operand input)
    {
        if (input.Shape.Rank == 4)
            return input;
        long heads = context.Attributes.Int("num_heads");
        if (input.Shape.Rank != 3 || heads < 1 || input.Shape[2] % heads != 0)
            throw new GraphException($"{input.Shape} does not split into {heads} heads.");
        return context.Step("split", new Reshape(new Shape(input.Shape[0], input.Shape[1], checked((int)heads), (int)(input.Shape[2] / heads))), input);
    }

    /// <summary>(x·cos − y·sin, x·sin + y·cos) for each pair; pairs are neighbours, or the two halves.</summary>
    private static OperationChain Turned(ImportContext context, Operand features, int turned)
    {
        bool neighbours = context.Attributes.Flag("interleaved");
        int half = turned / 2, step = neighbours ? 2 : 1;
        Operand x = Part(context, features, "x", 0, half, step), y = Part(context, features, "y", neighbours ? 1 : half, half, step);
        Operand cosine = Angles(context, 1, "cosine", x.Shape), sine = Angles(context, 2, "sine", x.Shape);
        Operand turnedX = context.Step("turned_x", new Binary(BinaryKind.Sub), Product(context, x, cosine), Product(context, y, sine));
        Operand turnedY = context.Step("turned_y", new Binary(BinaryKind.Add), Product(context, x, sine), Product(context, y, cosine));
        if (!neighbours)
            return new OperationChain(context, turnedX).Then(new Concat(3), turnedY);
        Reshape single = new(new Shape([.. x.Shape.Dimensions, 1]));
        return new OperationChain(context, context.Step("single_x", single, turnedX)).Then(new Concat(4), context.Step("single_y", single, turnedY))
            .Then(new Reshape(new Shape([.. x.Shape.Dimensions.Take(3), turned])));
    }

    /// <summary>Rows of the table at the given positions, batch×length×pairs, with the axis of heads inserted.</summary>
    private static Operand Angles(ImportContext context, int index, string role, Shape pairs)
    {
        Operand table = context.Input(index);
        if (table.Shape.Rank < 2)
            throw new GraphException($"{table.Shape} is no table of angles.");
        if (context.OptionalInput(3) is { } positions)
            table = context.Step(role, new Gather(0), table, Indexing.Normalized(context, positions, table.Shape[0]));
        bool lengthFirst = context.Input(0).Shape.Rank == 3;
        Shape shape = lengthFirst ? new(pairs[0], pairs[1], 1, pairs[3]) : new(pairs[0], 1, pairs[2], pairs[3]);
        return context.Step($"{role}_heads", new Reshape(shape), table);
    }

    private static Operand Product(ImportContext context, Operand features, Operand factor)
        => context.Step("product", new Binary(BinaryKind.Mul), features, factor);

    private static Operand Part(ImportContext context, Operand features, string role, int first, int count, int step = 1)
    {
        Shape shape = features.Shape;
        Slice slice = new(new IntVector(0, 0, 0, count == 0 ? 0 : first), new IntVector(shape[0], shape[1], shape[2], count), new IntVector(1, 1, 1, step));
        return context.Step(role, slice, features);
    }
}
