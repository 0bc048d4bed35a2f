using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering.Rules;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;

namespace PrivateInference.Backends.Lowering;

/// <summary>The program so far, and which of its values each value of the graph became.</summary>
internal sealed class LoweringContext(Graph graph)
{
    private readonly List<RealStep> _steps = [];
    private readonly Dictionary<Value, SecretView> _secrets = [];
    private readonly Dictionary<Value, Tensor> _constants = [];

    public RealProgram Program => new([.. _steps]);

    /// <summary>How many steps there are.</summary>
    public int Count => _steps.Count;

    public RealStep this[int index] => _steps[index];

    public int Append(RealStep step)
    {
        _steps.Add(step);
        return _steps.Count - 1;
    }

    /// <summary>Replaces a step by one that computes what its single reader would have computed.</summary>
    public void Fuse(int index, RealStep step) => _steps[index] = step;

    public void DefineSecret(Value value, SecretView view) => _secrets[value] = view;

    /// <summary>
    /// Defines the value of a node that costs no step: another view of its operand's step. Where nothing else reads the
    /// operand, the step is known as the node's from here on, so that what follows may still be absorbed.
    /// </summary>
    public SecretView Reinterpret(Node node, SecretView view)
    {
        if (IsSingleUse(node.Inputs[0]) && _steps[view.Index].Source == node.Inputs[0] && view.Offset == 0)
            Observe(view, node.Output);
        return view;
    }

    /// <summary>Says that a view is what calibration observes as <paramref name="value"/>.</summary>
    public void Observe(SecretView view, Value value) => _steps[view.Index] = _steps[view.Index] with { Source = value, SourceUnit = view.Factor };

    public void DefineConstant(Value value, Tensor tensor) => _constants[value] = tensor;

    public bool IsSecret(Value value) => _secrets.ContainsKey(value);

    /// <summary>The program's index of a value that depends on the input; a view of another step becomes a step.</summary>
    public int Secret(Value value)
    {
        SecretView view = Unshifted(value);
        if (!view.IsUnscaled)
        {
            _secrets[value] = view = Append(ScaleRules.Rescale(_steps[view.Index], $"{value.Name}.scale", view.Index, view.Factor) with { Source = value, SourceUnit = 1 });
        }

        return view.Index;
    }

    /// <summary>A value that depends on the input, as it is held.</summary>
    public SecretView View(Value value) => _secrets.TryGetValue(value, out SecretView view)
        ? view
        : throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, $"'{value.Name}' is a constant where a value computed from the input is expected.");

    /// <summary>The view of a value with the offset, if it has one, added by a step.</summary>
    public SecretView Unshifted(Value value)
    {
        SecretView view = View(value);
        if (view.Offset == 0)
            return view;
        double[] constant = new double[value.Shape.Count];
        Array.Fill(constant, view.Offset / view.Factor);
        int index = Append(new RealAddConstant { Name = $"{value.Name}.offset", Shape = value.Shape, Source = value, SourceUnit = view.Factor, Input = view.Index, Constant = constant });
        return _secrets[value] = new SecretView(index, view.Factor);
    }

    /// <summary>The step that a node reads whose operation commutes with its operand's view; see <see cref="ScaleRules"/>.</summary>
    public int Carried(Node node)
        => (ScaleRules.CommutesWithOffset(node.Operation) ? View(node.Inputs[0]) : Unshifted(node.Inputs[0])).Index;

    public Tensor? Constant(Value value) => _constants.GetValueOrDefault(value);

    /// <exception cref="LoweringException">The value depends on the input.</exception>
    public Tensor RequireConstant(Value value, string role) => Constant(value)
        ?? throw new LoweringException(CompileDiagnosticCodes.NeedsConstant, $"The {role} '{value.Name}' is computed from the input; it must be a constant.");

    /// <summary>The step behind a value that only one node reads and that a following node may therefore absorb, or null.</summary>
    public T? Absorbable<T>(Value value)
        where T : RealStep
        => IsSingleUse(value) && _secrets.TryGetValue(value, out SecretView view) && _steps[view.Index] is T step && step.Source == value ? step : null;

    private bool IsSingleUse(Value value) => graph.Users(value).Take(2).Count() == 1 && !graph.Outputs.Contains(value);
}
