namespace PrivateInference.Runtime.Homomorphic;

/// <summary>Where the ciphertexts of a response lie: patch by patch, tile by tile.</summary>
internal sealed class ResponseLayout
{
    private readonly int _tiles;
    private readonly long[] _starts;

    public ResponseLayout(ConvolutionPacking packing)
    {
        _tiles = packing.OutputTiles;
        _starts = new long[(packing.Patches * _tiles) + 1];
        for (var i = 0; i < _starts.Length - 1; i++)
            _starts[i + 1] = _starts[i] + packing.CiphertextBytes(packing.CountOutputs(i / _tiles, i % _tiles));
    }

    /// <summary>Bytes of the whole response.</summary>
    public long Bytes => _starts[^1];

    /// <summary>Bytes of some patches, one after another.</summary>
    public int BytesOf(int first, int patches) => checked((int)(_starts[(first + patches) * _tiles] - _starts[first * _tiles]));

    /// <summary>The bytes of a ciphertext.</summary>
    /// <param name="patch">Its patch.</param>
    /// <param name="tile">Its tile.</param>
    /// <param name="first">The first of the patches at hand.</param>
    /// <param name="bytes">Their bytes.</param>
    public Span<byte> Of(int patch, int tile, int first, Span<byte> bytes)
    {
        var (i, start) = ((patch * _tiles) + tile, _starts[first * _tiles]);
        return bytes[(int)(_starts[i] - start)..(int)(_starts[i + 1] - start)];
    }
}
