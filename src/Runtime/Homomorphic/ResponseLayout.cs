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

    /// <summary>The bytes of a ciphertext.</summary>
    public Span<byte> Of(int patch, int tile, Span<byte> response)
    {
        var i = (patch * _tiles) + tile;
        return response[checked((int)_starts[i])..checked((int)_starts[i + 1])];
    }
}
