using System.Globalization;
using System.Text;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan.Serialization;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>Integers that must not be seen, in every form in which code might let them out.</summary>
internal sealed class Secret
{
    private const int MinimumBytes = 8;
    private const int MinimumElements = 3;
    private const int MinimumDistinctBytes = 4;

    private readonly List<(string Form, byte[] Window)> _windows = [];

    public Secret(string name, IReadOnlyList<long> integers, double scale, int ringBits)
    {
        Ring ring = new(ringBits);
        ulong[] words = [.. integers.Select(ring.FromSigned)];
        byte[] packedWords = PackedBits.Pack(words, ringBits);
        int width = PackedIntegers.Width([.. integers]);
        Add($"{name} as packed integers", PackedIntegers.Pack([.. integers], width), width);
        Add($"{name} as packed ring elements", packedWords, 4);
        Add($"{name} as ring elements", [.. words.SelectMany(BitConverter.GetBytes)], sizeof(ulong));
        Add($"{name} as 16-bit integers", [.. integers.SelectMany(i => BitConverter.GetBytes((short)i))], sizeof(short));
        Add($"{name} as 32-bit integers", [.. integers.SelectMany(i => BitConverter.GetBytes((int)i))], sizeof(int));
        Add($"{name} as 64-bit integers", [.. integers.SelectMany(BitConverter.GetBytes)], sizeof(long));
        Add($"{name} as 32-bit floats", [.. integers.SelectMany(i => BitConverter.GetBytes((float)(i / scale)))], sizeof(float));
        Add($"{name} as whole 32-bit floats", [.. integers.SelectMany(i => BitConverter.GetBytes((float)i))], sizeof(float));
        Add($"{name} as 64-bit floats", [.. integers.SelectMany(i => BitConverter.GetBytes(i / scale))], sizeof(double));
        Add($"{name} as whole 64-bit floats", [.. integers.SelectMany(i => BitConverter.GetBytes((double)i))], sizeof(double));
        Add($"{name} as text", Encoding.ASCII.GetBytes(string.Join(',', integers.Select(i => i.ToString(CultureInfo.InvariantCulture)))), 3);
    }

    /// <summary>Each form in full, by name.</summary>
    public Dictionary<string, byte[]> Forms { get; } = [];

    /// <summary>The form in which any few consecutive elements occur in these bytes; null where none does.</summary>
    public string? FindIn(ReadOnlySpan<byte> bytes)
    {
        foreach ((string form, byte[] window) in _windows)
        {
            if (bytes.IndexOf(window) >= 0)
                return form;
        }

        return null;
    }

    private void Add(string form, byte[] bytes, int elementBytes)
    {
        Forms.Add(form, bytes);
        int before = _windows.Count, length = Math.Max(MinimumBytes, MinimumElements * elementBytes);
        for (int start = 0; start + length <= bytes.Length; start++)
        {
            // Runs of zeros and sign bytes occur in headers, and prove nothing.
            byte[] window = bytes[start..(start + length)];
            if (window.Distinct().Count() >= MinimumDistinctBytes)
                _windows.Add((form, window));
        }

        Assert.True(_windows.Count > before, $"{form} has no window to look for.");
    }
}
