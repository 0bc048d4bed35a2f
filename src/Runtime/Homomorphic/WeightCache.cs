using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// A model's transformed weights in a file, mapped into memory, so that processes on one machine share them and the system can
/// drop them under pressure. The file is as secret as the weights: its owner alone may read it.
/// </summary>
/// <remarks>
/// A header of 4,096 bytes (magic, version, key, SHA-256 of the rest; all else zero), then each layer's doubles, little-endian.
/// The key is a hash of whatever the contents depend on; a file of another key or a damaged one is written anew. It appears
/// under its name complete and only complete, so processes that have the former one mapped keep that.
/// </remarks>
internal sealed class WeightCache : IDisposable
{
    /// <summary>Raised by any change to what polynomials are kept, their order, or their transform.</summary>
    private const uint Version = 1;

    private const int HeaderBytes = 4096;
    private const int VersionOffset = 8;
    private const int KeyOffset = 16;
    private const int DigestOffset = KeyOffset + SHA256.HashSizeInBytes;

    private readonly MappedElements _elements;
    private readonly ImmutableArray<int> _lengths;

    private WeightCache(MappedElements elements, ImmutableArray<int> lengths) => (_elements, _lengths) = (elements, lengths);

    private static ReadOnlySpan<byte> Magic => "OM2PCWTS"u8;

    /// <summary>Opens the file, after writing it if it is not there or not of these weights.</summary>
    /// <param name="path">The file's name.</param>
    /// <param name="model">Hash of the plan and the weights.</param>
    /// <param name="layers">The layers to keep.</param>
    /// <param name="warn">Gets why a file that is there was not used.</param>
    /// <exception cref="IOException">The file cannot be written or mapped.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static WeightCache OpenOrWrite(string path, ReadOnlySpan<byte> model, ImmutableArray<LayerWeights> layers, Action<string> warn)
    {
        ImmutableArray<int> lengths = [.. layers.Select(l => l.TransformedLength)];
        var key = Key(model, layers);
        if (File.Exists(path))
        {
            if (TryOpen(path, key, lengths, out var difference) is { } cache)
                return cache;
            warn($"{path} {difference}; it is written anew.");
        }

        Write(path, key, layers);
        return TryOpen(path, key, lengths, out var damage) ?? throw new IOException($"{path} {damage} right after it was written.");
    }

    /// <summary>A layer's transformed weights, for <see cref="PreparedWeights"/>; valid until disposal.</summary>
    public ReadOnlyMemory<double> Of(int layer)
    {
        var start = _lengths.Take(layer).Sum(length => (long)length);
        return _elements.Slice(start, _lengths[layer]);
    }

    public void Dispose() => _elements.Dispose();

    private static byte[] Key(ReadOnlySpan<byte> model, ImmutableArray<LayerWeights> layers)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(model);
        Span<byte> word = stackalloc byte[sizeof(int)];
        foreach (var packing in layers.Select(layer => layer.Packing))
        {
            var tiling = packing.Tiling;
            ReadOnlySpan<int> layout =
            [
                packing.Parameters.Degree, packing.Parameters.PrimeCount, packing.Layout.RowPitch, packing.Layout.BlockSize, packing.Layout.Repetition,
                packing.InputTiles, packing.OutputTiles, tiling.Rows, tiling.Columns, tiling.InputChannels, tiling.OutputChannels,
            ];
            foreach (var value in layout)
            {
                BinaryPrimitives.WriteInt32LittleEndian(word, value);
                hash.AppendData(word);
            }
        }

        return hash.GetHashAndReset();
    }

    private static WeightCache? TryOpen(string path, ReadOnlySpan<byte> key, ImmutableArray<int> lengths, out string difference)
    {
        var bytes = HeaderBytes + (lengths.Sum(length => (long)length) * sizeof(double));
        difference = "has another length than the transformed weights of this model";
        if (new FileInfo(path).Length != bytes)
            return null;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Span<byte> header = new byte[HeaderBytes];
        file.ReadExactly(header);
        difference = "is not a cache of this model's weights, or of another release";
        if (!header.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(header[VersionOffset..]) != Version
            || !header.Slice(KeyOffset, key.Length).SequenceEqual(key))
            return null;
        difference = "is damaged";
        if (!SHA256.HashData(file).AsSpan().SequenceEqual(header.Slice(DigestOffset, SHA256.HashSizeInBytes)))
            return null;
        return new WeightCache(new MappedElements(file, HeaderBytes, bytes - HeaderBytes), lengths);
    }

    private static void Write(string path, ReadOnlySpan<byte> key, ImmutableArray<LayerWeights> layers)
    {
        var partial = $"{path}.{Environment.ProcessId}.partial";
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            File.Delete(partial); // the mode holds for new files only
            using (var file = new FileStream(partial, options))
                WriteContents(file, key, layers);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static void WriteContents(FileStream file, ReadOnlySpan<byte> key, ImmutableArray<LayerWeights> layers)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = new byte[HeaderBytes];
        file.Write(header);
        foreach (var layer in layers)
        {
            var bytes = MemoryMarshal.AsBytes(PreparedWeights.Transform(layer).AsSpan());
            digest.AppendData(bytes);
            file.Write(bytes);
        }

        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(VersionOffset), Version);
        key.CopyTo(header.AsSpan(KeyOffset));
        digest.GetHashAndReset().CopyTo(header, DigestOffset);
        file.Position = 0;
        file.Write(header);
        file.Flush(flushToDisk: true);
    }
}
