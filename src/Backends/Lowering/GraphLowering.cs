using System.Collections.Immutable;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering.Rules;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;

namespace PrivateInference.Backends.Lowering;

/// <summary>
/// Turns a canonical graph into the steps of a plan, still over real numbers: every linear operation becomes a convolution,
/// activations and max pools fuse, and what the model ends with moves to the client.
/// </summary>
internal static class GraphLowering
{
    /// <param name="graph">A graph in canonical form.</param>
    /// <param name="hasComparisons">Whether the backend can compare.</param>
    /// <exception cref="UnsupportedOperationsException">Some nodes cannot be lowered; all are listed.</exception>
    public static RealProgram Lower(Graph graph, bool hasComparisons = true)
    {
        List<CompileDiagnostic> diagnostics = [.. Signature(graph)];
        LoweringContext context = new(graph);
        foreach (Value input in graph.Inputs)
            DefineInput(context, input);
        foreach (Node node in graph.Nodes)
        {
            try
            {
                if (!hasComparisons && node.Inputs.Any(context.IsSecret))
                    Comparisons.Refuse(node.Operation);
                Lower(context, graph, node);
            }
            catch (LoweringException e)
            {
                diagnostics.Add(new CompileDiagnostic(e.Code, node.Name, node.Operation.Name, e.Message, e.Hint));

                // The nodes that follow are still to be judged, so the value exists.
                DefineInput(context, node.Output);
            }
        }

        if (diagnostics.Count > 0)
            throw new UnsupportedOperationsException([.. diagnostics]);
        OutputRules.Finish(context, graph);
        return UnitConflicts.Resolve(NonLinearFusion.Apply(RescaleFolding.Apply(context.Program)));
    }

    private static void DefineInput(LoweringContext context, Value value)
    {
        RealInput input = new() { Name = value.Name, Shape = value.Shape, Source = value };
        if (!value.Type.IsFloat)
        {
            IntegerRange range = IntegerRange.Of(value.Type.Element);
            input = input with { IsInteger = true, Lower = range.Minimum, Upper = range.Maximum };
        }

        context.DefineSecret(value, context.Append(input));
    }

    private static void Lower(LoweringContext context, Graph graph, Node node)
    {
        if (node.Operation is Constant constant)
            context.DefineConstant(node.Output, constant.Tensor);
        else if (!node.Inputs.Any(context.IsSecret))
            context.DefineConstant(node.Output, FloatInterpreter.Evaluate(node, [.. node.Inputs.Select(v => context.RequireConstant(v, "operand"))]));
        else if (SharedSignRules.Mask(context, graph, node) is { } mask)
            context.DefineMask(node.Output, mask);
        else
            context.DefineSecret(node.Output, LowerSecret(context, graph, node));
    }

    private static SecretView LowerSecret(LoweringContext context, Graph graph, Node node)
    {
        foreach (Value operand in node.Inputs.Where(v => context.Constant(v) is { Type.IsFloat: true } tensor && !IsFinite(tensor)))
        {
            throw new LoweringException(
                CompileDiagnosticCodes.NotFinite,
                $"Its constant '{operand.Name}' holds a NaN or an infinity, which fixed point cannot express.",
                "Look for a division by zero or an overflow in training.");
        }

        SecretView view = LowerByOperation(context, graph, node);
        if (ScaleRules.CommutesWithFactor(node.Operation))
            view = context.View(node.Inputs[0]) with { Index = view.Index };
        if (context[view.Index].Source == node.Output)
            context.Observe(view, view.Offset == 0 ? node.Output : new Value(node.Output.Name, node.Output.Type));
        return view;
    }

    private static bool IsFinite(Tensor tensor)
    {
        foreach (float element in tensor.Floats)
        {
            if (!float.IsFinite(element))
                return false;
        }

        return true;
    }

    private static SecretView LowerByOperation(LoweringContext context, Graph graph, Node node) => node.Operation switch
    {
        Identity or Dropout => context.Carried(node),
        Conv conv => LinearRules.Convolution(context, node, conv),
        MatMul => LinearRules.MatrixProduct(context, node),
        Binary { Kind: BinaryKind.Mul } when node.Inputs.Any(v => context.Mask(v) is not null) => SharedSignRules.Multiply(context, node),
        Binary binary => ArithmeticRules.Lower(context, node, binary.Kind),
        BatchNormalization => ArithmeticRules.BatchNormalization(context, node),
        Relu => ActivationRules.Activate(context, node, Runtime.Plan.Activation.Relu),
        Polynomial polynomial => PolynomialRules.Lower(context, node, polynomial),
        Clip clip => ActivationRules.Clip(context, node, clip),
        MaxPool pool => ActivationRules.MaxPool(context, node, pool),
        AveragePool pool => PoolingRules.AveragePool(context, node, pool),
        Reshape => LayoutRules.Reshape(context, node),
        Transpose transpose => LayoutRules.Transpose(context, node, transpose),
        Concat concat => LayoutRules.Concat(context, node, concat),
        Pad pad => LayoutRules.Pad(context, node, pad),
        Slice slice => LayoutRules.Slice(context, node, slice),
        Gather gather => GatherRules.Gather(context, node, gather),
        Reduce reduce => ReductionRules.Reduce(context, node, reduce),
        Cast cast => QuantizationRules.Cast(context, node, cast),
        QuantizeLinear quantize => QuantizationRules.Quantize(context, node, quantize),
        DequantizeLinear => QuantizationRules.Dequantize(context, node),
        LeakyRelu relu => PiecewiseRules.LeakyRelu(context, node, relu.Alpha),
        PRelu => PiecewiseRules.PRelu(context, node),
        Unary { Kind: UnaryKind.Abs } => PiecewiseRules.Absolute(context, node),
        HardSigmoid sigmoid => PiecewiseRules.HardSigmoid(context, node, sigmoid),
        ThresholdedRelu relu => PiecewiseRules.ThresholdedRelu(context, node, relu.Alpha),
        Shrink shrink => PiecewiseRules.Shrink(context, node, shrink),
        Softmax or ArgMax => OutputRules.RequireOutput(context, graph, node),
        _ => throw new LoweringException(
            CompileDiagnosticCodes.UnsupportedOperation, "There is no secure protocol for this operation.", SecureRewrites.For(node.Operation)),
    };

    private static IEnumerable<CompileDiagnostic> Signature(Graph graph)
    {
        ImmutableArray<Value> inputs = graph.Inputs, outputs = graph.Outputs;
        if (inputs.Length != 1 || !(inputs[0].Type.IsFloat || inputs[0].Type.Element is ElementType.UInt8 or ElementType.Int8))
            yield return Problem($"The model has the inputs {string.Join(", ", inputs)}; a plan has one, of floating point elements or integers of 8 bits.");
        if (outputs.Length != 1)
            yield return Problem($"The model has the outputs {string.Join(", ", outputs)}; a plan has one.", "Name the output to keep when exporting the model.");
        foreach (Value value in inputs.Where(v => v.Shape.Count == 0))
            yield return Problem($"'{value.Name}' has no elements.");

        CompileDiagnostic Problem(string message, string? hint = null)
            => new(CompileDiagnosticCodes.UnsupportedSignature, graph.Name, "graph", message, hint);
    }
}
