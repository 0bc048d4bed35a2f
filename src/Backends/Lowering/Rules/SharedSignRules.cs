using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>
/// Sign decisions and the products with them. A decision may be moved and repeated on its way to its product: the indices of
/// the deciding elements are moved by the same operations, so that any chain of them ends as one map from elements to
/// decisions. Two products with one decision decide twice.
/// </summary>
internal static class SharedSignRules
{
    private const string Hint = "A DReLU can be reshaped, transposed, sliced, gathered and concatenated, and then multiplied with a value, which it keeps or clears.";

    /// <summary>The decisions that a node's value is made of, or null where it is an ordinary value.</summary>
    public static DecisionMask? Mask(LoweringContext context, Graph graph, Node node)
    {
        DecisionMask? mask = node.Operation switch
        {
            DRelu => Decide(context.Unshifted(node.Inputs[0]).Index, node.Output.Shape.Count),
            Identity or Dropout => context.Mask(node.Inputs[0]),
            Reshape or Transpose or Slice or Gather when context.Mask(node.Inputs[0]) is { } moved => Move(context, node, moved),
            RandomFlip flip when context.Mask(node.Inputs[0]) is { } turned => NoiseRules.Turn(node, flip, turned),
            Concat concat when node.Inputs.All(v => context.Mask(v) is not null) => Join(context, node, concat),
            _ => null,
        };
        if (mask is not null && graph.Outputs.Contains(node.Output))
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, "A sign decision cannot be the model's output: it is never opened.", Hint);
        return mask;
    }

    /// <summary>Why a value that is made of decisions cannot be used as an ordinary one.</summary>
    public static LoweringException Refusal(Value value)
        => new(CompileDiagnosticCodes.UnsupportedOperation, $"'{value.Name}' consists of sign decisions (DReLU), which this operation cannot read.", Hint);

    /// <summary>x · DReLU(d), either operand first: the result has the factor of x's view, and the factor of d's changes no sign.</summary>
    public static SecretView Multiply(LoweringContext context, Node node)
    {
        bool maskFirst = context.Mask(node.Inputs[0]) is not null;
        Value data = node.Inputs[maskFirst ? 1 : 0], mask = node.Inputs[maskFirst ? 0 : 1];
        SecretView input = context.Unshifted(data);
        if (data.Shape.Count != node.Output.Shape.Count)
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, $"'{data.Name}' of shape {data.Shape} is computed from the input and would be broadcast to {node.Output.Shape}.", "Expand it beforehand, for example with Concat.");
        DecisionMask decisions = context.Mask(mask)!;
        int[] groups = Array.ConvertAll(Broadcast(decisions.Sources, mask.Shape, node.Output.Shape), i => checked((int)i));
        long[]? turned = BroadcastAny(decisions.Turned, mask.Shape, node.Output.Shape), draws = BroadcastAny(decisions.Draws, mask.Shape, node.Output.Shape);
        NoiseRules.RequireSeparate(draws);
        if (decisions.Decision == input.Index && turned is null && draws is null && groups.Select((g, i) => g == i).All(same => same))
            return input with { Index = context.Append(new RealNonLinear { Name = node.Name, Shape = node.Output.Shape, Source = node.Output, Input = input.Index, Activation = Activation.Relu }) };
        int product = context.Append(new RealSharedSign
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Input = input.Index,
            Decision = decisions.Decision,
            Groups = groups,
            Turned = turned,
            Noise = decisions.Noise,
        });
        return input with { Index = product };
    }

    private static DecisionMask Decide(int decision, int count) => new(decision, [.. Enumerable.Range(0, count).Select(i => (long)i)]);

    private static DecisionMask Move(LoweringContext context, Node node, DecisionMask mask) => mask with
    {
        Sources = Move(context, node, mask.Sources),
        Turned = mask.Turned is { } turned ? Move(context, node, turned) : null,
        Draws = mask.Draws is { } draws ? Move(context, node, draws) : null,
    };

    private static long[] Move(LoweringContext context, Node node, long[] sources)
    {
        IEnumerable<Tensor> parameters = node.Inputs.Skip(1).Select(v => context.RequireConstant(v, "operand"));
        return FloatInterpreter.Evaluate(node, [Indices(sources, node.Inputs[0].Shape), .. parameters]).Integers.ToArray();
    }

    /// <summary>Decisions of several values become decisions of the values joined.</summary>
    private static DecisionMask Join(LoweringContext context, Node node, Concat concat)
    {
        DecisionMask[] masks = [.. node.Inputs.Select(v => context.Mask(v)!)];
        NoiseRules.RequireNone(masks);
        int[] decisions = [.. masks.Select(m => m.Decision).Distinct()];
        long[] offsets = new long[decisions.Length];
        for (int i = 1; i < offsets.Length; i++)
            offsets[i] = offsets[i - 1] + context[decisions[i - 1]].Shape.Count;
        long[] Joined(Func<DecisionMask, IEnumerable<long>> part)
            => FloatInterpreter.Evaluate(concat, [.. masks.Zip(node.Inputs, (mask, v) => Indices([.. part(mask)], v.Shape))]).Integers.ToArray();
        int joined = decisions.Length == 1 ? decisions[0] : Concatenate(context, node, [.. decisions.Select(d => Flatten(context, node, d))]);
        return new DecisionMask(joined, Joined(mask => mask.Sources.Select(s => s + offsets[Array.IndexOf(decisions, mask.Decision)])))
        {
            Turned = masks.All(m => m.Turned is null) ? null : Joined(mask => mask.Turned ?? new long[mask.Sources.Length]),
        };
    }

    private static int Flatten(LoweringContext context, Node node, int index)
    {
        Shape flat = new(context[index].Shape.Count);
        return context.Append(new RealReshape { Name = node.Name, Shape = flat, Source = Part(context, node, flat), Input = index });
    }

    private static int Concatenate(LoweringContext context, Node node, int[] operands)
    {
        Shape flat = new(operands.Sum(o => context[o].Shape.Count));
        return context.Append(new RealConcat { Name = node.Name, Shape = flat, Source = Part(context, node, flat), Operands = [.. operands], Axis = 0 });
    }

    /// <summary>A value that the graph does not have, so that nothing was observed of it.</summary>
    private static Value Part(LoweringContext context, Node node, Shape shape)
        => new($"{node.Output.Name}/part{context.Count}", node.Output.Type.WithShape(shape));

    private static long[]? BroadcastAny(long[]? sources, Shape from, Shape to) => sources is null ? null : Broadcast(sources, from, to);

    private static long[] Broadcast(long[] sources, Shape from, Shape to)
    {
        // Adding zeros of the full shape broadcasts with the IR's own rules.
        Tensor zeros = Indices(new long[to.Count], to);
        return FloatInterpreter.Evaluate(new Binary(BinaryKind.Add), [zeros, Indices(sources, from)]).Integers.ToArray();
    }

    private static Tensor Indices(long[] indices, Shape shape) => Tensor.FromIntegers(new TensorType(ElementType.Int64, shape), indices);
}
