using System.Collections;
using System.Collections.Immutable;
using System.Globalization;

namespace PrivateInference.IR;

/// <summary>
/// An immutable list of integers with structural equality: strides, pads, permutations, axes.
/// Records that hold one compare by content.
/// </summary>
public readonly struct IntVector : IEquatable<IntVector>, IReadOnlyList<int>
{
    private readonly ImmutableArray<int> _items;

    public IntVector(params ReadOnlySpan<int> items) => _items = [.. items];

    public static IntVector Empty => default;

    public int Count => _items.IsDefault ? 0 : _items.Length;

    public int this[int index] => _items[index];

    public ReadOnlySpan<int> AsSpan() => _items.IsDefault ? [] : _items.AsSpan();

    /// <summary>A vector of <paramref name="count"/> copies of <paramref name="value"/>.</summary>
    public static IntVector Repeat(int value, int count)
    {
        int[] items = new int[count];
        Array.Fill(items, value);
        return new IntVector(items);
    }

    public bool All(int value)
    {
        foreach (int item in AsSpan())
        {
            if (item != value)
                return false;
        }

        return true;
    }

    public bool Equals(IntVector other) => AsSpan().SequenceEqual(other.AsSpan());

    public override bool Equals(object? obj) => obj is IntVector other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int item in AsSpan())
            hash.Add(item);
        return hash.ToHashCode();
    }

    public static bool operator ==(IntVector left, IntVector right) => left.Equals(right);

    public static bool operator !=(IntVector left, IntVector right) => !left.Equals(right);

    public IEnumerator<int> GetEnumerator() => (_items.IsDefault ? Enumerable.Empty<int>() : _items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString()
        => "[" + string.Join(", ", this.Select(i => i.ToString(CultureInfo.InvariantCulture))) + "]";
}
