using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan;

/// <summary>
/// The code of an <see cref="IndexMap"/>: greedily the longest copy of what came before, looked for at the latest place where
/// the next differences occurred, for stretches of a few lengths. (The latest place alone would copy a row of patches from
/// within itself and miss that whole rows repeat.)
/// </summary>
internal sealed class IndexMapEncoder
{
    private const ulong Base = 0x9E37_79B9_7F4A_7C15;

    private static readonly int[] s_windows = [512, 64, 4];

    private readonly int[] _differences;
    private readonly ulong[] _prefixes;
    private readonly ulong[] _powers;
    private readonly Dictionary<ulong, int>[] _latest = [.. s_windows.Select(_ => new Dictionary<ulong, int>())];

    private IndexMapEncoder(int[] differences)
    {
        _differences = differences;
        _prefixes = new ulong[differences.Length + 1];
        for (int i = 0; i < differences.Length; i++)
            _prefixes[i + 1] = (_prefixes[i] * Base) + unchecked((uint)differences[i]) + 1;
        _powers = [.. s_windows.Select(w => Enumerable.Repeat(Base, w).Aggregate((a, b) => a * b))];
    }

    public static ImmutableArray<int> Encode(int[] differences) => new IndexMapEncoder(differences).Encode();

    private ImmutableArray<int> Encode()
    {
        ImmutableArray<int>.Builder code = ImmutableArray.CreateBuilder<int>();
        for (int position = 0; position < _differences.Length;)
        {
            (int distance, int length) = LongestCopy(position);
            code.Add(length > 0 ? distance : IndexMap.Literal);
            code.Add(length > 0 ? length : _differences[position]);
            for (int end = position + Math.Max(length, 1); position < end; position++)
                Remember(position);
        }

        return code.ToImmutable();
    }

    private (int Distance, int Length) LongestCopy(int position)
    {
        (int distance, int longest) = (0, 0);
        for (int i = 0; i < s_windows.Length; i++)
        {
            if (position + s_windows[i] > _differences.Length || !_latest[i].TryGetValue(Hash(position, i), out int earlier))
                continue;
            int length = _differences.AsSpan(position).CommonPrefixLength(_differences.AsSpan(earlier));
            if (length > longest)
                (distance, longest) = (position - earlier, length);
        }

        return (distance, longest);
    }

    private void Remember(int position)
    {
        for (int i = 0; i < s_windows.Length; i++)
        {
            if (position + s_windows[i] <= _differences.Length)
                _latest[i][Hash(position, i)] = position;
        }
    }

    private ulong Hash(int position, int window)
        => _prefixes[position + s_windows[window]] - (_prefixes[position] * _powers[window]);
}
