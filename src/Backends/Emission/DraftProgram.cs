using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Emission;

/// <summary>The plan while it grows: values, the steps that define them, and the weights they read.</summary>
internal sealed class DraftProgram
{
    private readonly List<DraftValue> _values = [];
    private readonly List<Func<PlanResolution, int, PlanStep>> _steps = [];
    private readonly List<DraftTensor> _tensors = [];

    /// <summary>What one unit of the input stands for, in the model's own units.</summary>
    public double InputUnit { get; set; } = 1;

    /// <summary>What one unit of the output stands for, in the model's own units.</summary>
    public double OutputUnit { get; set; } = 1;

    /// <summary>Whether the ring has all 64 bits, whatever values need.</summary>
    public bool NeedsLargestRing { get; set; }

    public IReadOnlyList<DraftValue> Values => _values;

    public IReadOnlyList<DraftTensor> Tensors => _tensors;

    /// <summary>Appends a value and its step, which is made for the value's index once the bits of all values are known.</summary>
    /// <returns>The value's index.</returns>
    public int Add(DraftValue value, Func<PlanResolution, int, PlanStep> step)
    {
        _values.Add(value);
        _steps.Add(step);
        return _values.Count - 1;
    }

    /// <returns>The tensor's index in the weight file.</returns>
    public int Add(DraftTensor tensor)
    {
        _tensors.Add(tensor);
        return _tensors.Count - 1;
    }

    public IEnumerable<PlanStep> Resolve(PlanResolution resolution) => _steps.Select((step, output) => step(resolution, output));
}
