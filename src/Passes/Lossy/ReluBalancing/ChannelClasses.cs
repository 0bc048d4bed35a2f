namespace PrivateInference.Passes.Lossy.ReluBalancing;

/// <summary>
/// Sets of channels of one width (union-find). Values in one class have to keep the same number of channels: what a
/// residual addition joins, or what lies on both sides of a depthwise convolution. The widths of fixed classes are given
/// from outside: the image's channels, the number of classes.
/// </summary>
internal sealed class ChannelClasses
{
    private readonly List<int> _parents = [];
    private readonly List<int> _widths = [];
    private readonly HashSet<int> _fixed = [];

    /// <summary>The number of classes ever added; classes are 0 … Count − 1.</summary>
    public int Count => _parents.Count;

    public int Add(int width)
    {
        _parents.Add(_parents.Count);
        _widths.Add(width);
        return _parents.Count - 1;
    }

    /// <summary>The representative of a class.</summary>
    public int Find(int index)
    {
        while (_parents[index] != index)
            index = _parents[index] = _parents[_parents[index]];
        return index;
    }

    /// <summary>The width that the model gives a class.</summary>
    public int Width(int index) => _widths[Find(index)];

    public bool IsFixed(int index) => _fixed.Contains(Find(index));

    public void Fix(int index) => _fixed.Add(Find(index));

    /// <summary>Makes two classes one; the older stays its representative.</summary>
    /// <returns>False where their widths differ.</returns>
    public bool Tie(int a, int b)
    {
        (a, b) = (Math.Min(Find(a), Find(b)), Math.Max(Find(a), Find(b)));
        if (_widths[a] != _widths[b])
            return false;
        if (_fixed.Remove(b))
            _fixed.Add(a);
        _parents[b] = a;
        return true;
    }
}
