using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering.Rules;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;

namespace PrivateInference.Backends.Lowering;

/// <summary>The program so far, and which of its values each value of the graph became.</summary>
internal sealed class LoweringContext(Graph graph)
{
    private readonly List<RealStep> _steps = [];
    private readonly Dictionary<Value, int> _secrets = [];
    private readonly Dictionary<Value, Tensor> _constants = [];
    private readonly Dictionary<Value, DecisionMask> _masks = [];

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

    public void DefineSecret(Value value, int index) => _secrets[value] = index;

    public void DefineConstant(Value value, Tensor tensor) => _constants[value] = tensor;

    public void DefineMask(Value value, DecisionMask mask) => _masks[value] = mask;

    public bool IsSecret(Value value) => _secrets.ContainsKey(value) || _masks.ContainsKey(value);

    /// <summary>The decisions that a value is made of; null for an ordinary value.</summary>
    public DecisionMask? Mask(Value value) => _masks.GetValueOrDefault(value);

    /// <summary>The program's index of a value that depends on the input.</summary>
    public int Secret(Value value) => _masks.ContainsKey(value) ? throw SharedSignRules.Refusal(value)
        : _secrets.TryGetValue(value, out int index) ? index
        : throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, $"'{value.Name}' is a constant where a value computed from the input is expected.");

    public Tensor? Constant(Value value) => _constants.GetValueOrDefault(value);

    /// <exception cref="LoweringException">The value depends on the input.</exception>
    public Tensor RequireConstant(Value value, string role) => Constant(value)
        ?? throw new LoweringException(CompileDiagnosticCodes.NeedsConstant, $"The {role} '{value.Name}' is computed from the input; it must be a constant.");

    /// <summary>The step behind a value that only one node reads and that a following node may therefore absorb, or null.</summary>
    public T? Absorbable<T>(Value value)
        where T : RealStep
    {
        bool singleUse = graph.Users(value).Take(2).Count() == 1 && !graph.Outputs.Contains(value);
        return singleUse && _secrets.TryGetValue(value, out int index) && _steps[index] is T step && step.Source == value ? step : null;
    }
}
