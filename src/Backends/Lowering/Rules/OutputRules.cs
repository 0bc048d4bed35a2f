using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>What a model ends with, and the client therefore computes in the clear.</summary>
internal static class OutputRules
{
    /// <summary>Accepts a softmax or an arg-max whose result is the model's, or goes into an arg-max that is.</summary>
    public static SecretView RequireOutput(LoweringContext context, Graph graph, Node node)
    {
        bool isOutput = !graph.Users(node.Output).Any() && graph.Outputs.Contains(node.Output);
        bool feedsArgMax = node.Operation is Softmax { Flatten: false } softmax && !graph.Outputs.Contains(node.Output)
            && graph.Users(node.Output).All(u => u.Operation is ArgMax argMax && argMax.Axis == softmax.Axis);
        if (!isOutput && !feedsArgMax)
        {
            throw new LoweringException(
                CompileDiagnosticCodes.OutputOnly, "The operation is possible at the model's output only, where the client computes it in the clear.", "Cut the model there.");
        }

        if (node.Operation is Softmax { Flatten: true } flattened && node.Inputs[0].Shape.Dimensions.Skip(flattened.Axis + 1).Any(d => d != 1))
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, "This softmax spans several axes.", "Flatten before it.");

        // The element-wise order that the function depends on is the operand's.
        return context.Unshifted(node.Inputs[0]);
    }

    /// <summary>Appends the output step.</summary>
    /// <exception cref="UnsupportedOperationsException">The output does not depend on the input.</exception>
    public static void Finish(LoweringContext context, Graph graph)
    {
        Value output = graph.Outputs[0];
        if (!context.IsSecret(output))
        {
            throw new UnsupportedOperationsException(
                [new CompileDiagnostic(CompileDiagnosticCodes.UnsupportedSignature, output.Name, "graph", "The output does not depend on the input.")]);
        }

        SecretView view = context.Unshifted(output);
        RealStep result = context[view.Index];
        Operation? last = graph.Producer(output)?.Operation;
        RealOutput step = new() { Name = output.Name, Shape = result.Shape, Source = result.Source, SourceUnit = result.SourceUnit, Input = view.Index, Unit = view.Factor };
        context.Append(last switch
        {
            Softmax softmax => step with { Function = OutputFunction.Softmax, Axis = softmax.Axis },
            ArgMax argMax => step with { Function = OutputFunction.ArgMax, Axis = argMax.Axis, KeepAxis = argMax.KeepDimensions, SelectLast = argMax.SelectLast },
            _ => step,
        });
    }
}
