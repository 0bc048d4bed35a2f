namespace PrivateInference.Backends.Lowering;

/// <summary>
/// Values whose fixed-point scales depend on each other: every step but a product with private weights and a polynomial ties its result to its
/// operands. A quantised model's scale is a real number; it is part of the public scales of one such group.
/// </summary>
internal sealed class UnitGroups
{
    private readonly int[] _parents;

    public UnitGroups(int count) => _parents = [.. Enumerable.Range(0, count)];

    public int Of(int value) => _parents[value] == value ? value : _parents[value] = Of(_parents[value]);

    public void Join(int left, int right) => _parents[Of(left)] = Of(right);
}
