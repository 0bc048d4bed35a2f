using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// The client's side of a linear layer's offline phase: encrypts its mask r of the layer's input and decrypts its share
/// W·r − s of the output. One call at a time; a call works with as many threads as it is given.
/// </summary>
public sealed class LinearLayerClient
{
    private readonly RlweClientKeys _keys;
    private readonly ConvolutionPacking _packing;
    private readonly int _threads;

    /// <param name="keys">The client's.</param>
    /// <param name="packing">The layer.</param>
    /// <param name="threads">Threads to work with, at least one; the share is the same for any number.</param>
    /// <exception cref="ArgumentException">The keys are of other parameters than the layer.</exception>
    public LinearLayerClient(RlweClientKeys keys, ConvolutionPacking packing, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (keys.Parameters != packing.Parameters)
            throw new ArgumentException("The keys are of other parameters than the layer.", nameof(keys));
        _keys = keys;
        _packing = packing;
        _threads = threads;
    }

    /// <summary>Sends encryptions of r, <see cref="ConvolutionPacking.RequestBytes"/> bytes.</summary>
    /// <param name="mask">r: the client's share of the input N×C×H×W; ring elements.</param>
    /// <param name="channel">Where to.</param>
    /// <param name="random">Fresh randomness.</param>
    /// <exception cref="ArgumentException">The mask is not of the layer's input.</exception>
    public void EncryptMask(ReadOnlyMemory<ulong> mask, IChannel channel, IRandomSource random)
    {
        if (mask.Length != _packing.Geometry.InputCount)
            throw new ArgumentException($"The layer has {_packing.Geometry.InputCount} inputs; the mask {mask.Length}.", nameof(mask));
        Span<byte> seed = stackalloc byte[Block.Size];
        random.Fill(seed);
        channel.Send(seed);
        AesCtrGenerator expander = new(Block.Read(seed));
        RlweSampler expansion = new(expander);
        var ciphertexts = _packing.Patches * _packing.InputTiles;
        var sources = WorkerRandom.Split(random, Math.Min(_threads, ciphertexts));
        RequestBuilder[] builders = [.. sources.Select(source => new RequestBuilder(_keys, _packing, source))];
        try
        {
            ForBatches(ciphertexts, builders.Length, before: (i, _) => builders[i].Expand(expansion), Build, after: (i, _) => channel.Send(builders[i].Packed));
        }
        finally
        {
            foreach (var builder in builders)
                builder.Dispose();
        }

        void Build(int builder, int ciphertext)
        {
            var (patch, tile) = Math.DivRem(ciphertext, _packing.InputTiles);
            builders[builder].Build(mask.Span, patch, tile);
        }
    }

    /// <summary>Receives the answer, <see cref="ConvolutionPacking.ResponseBytes"/> bytes.</summary>
    /// <param name="channel">Where from.</param>
    /// <param name="share">Gets (W·r − s) mod 2^ℓ, N×M×H×W.</param>
    /// <exception cref="PeerProtocolException">The channel failed.</exception>
    /// <exception cref="ArgumentException">The share is not of the layer's output.</exception>
    public void DecryptShare(IChannel channel, Memory<ulong> share)
    {
        if (share.Length != _packing.Geometry.OutputCount)
            throw new ArgumentException($"The layer has {_packing.Geometry.OutputCount} outputs; the share {share.Length}.", nameof(share));
        Decrypt(channel, (decryptor, patch, tile) => decryptor.Decrypt(patch, tile, share.Span));
    }

    /// <summary>As <see cref="DecryptShare"/>, before rounding: outputs and noise as fractions of q in 128-bit fixed point.</summary>
    internal void DecryptFractions(IChannel channel, Memory<UInt128> fractions)
        => Decrypt(channel, (decryptor, patch, tile) => decryptor.DecryptFractions(patch, tile, fractions.Span));

    private void Decrypt(IChannel channel, Action<ShareDecryptor, int, int> decrypt)
    {
        var ciphertexts = _packing.Patches * _packing.OutputTiles;
        ShareDecryptor[] decryptors = [.. Enumerable.Range(0, Math.Min(_threads, ciphertexts)).Select(_ => new ShareDecryptor(_keys, _packing))];
        try
        {
            ForBatches(ciphertexts, decryptors.Length, Receive, Work, after: (_, _) => { });
        }
        finally
        {
            foreach (var decryptor in decryptors)
                decryptor.Dispose();
        }

        void Receive(int decryptor, int ciphertext)
        {
            var (patch, tile) = Math.DivRem(ciphertext, _packing.OutputTiles);
            channel.Receive(decryptors[decryptor].Packed(patch, tile));
        }

        void Work(int decryptor, int ciphertext)
        {
            var (patch, tile) = Math.DivRem(ciphertext, _packing.OutputTiles);
            decrypt(decryptors[decryptor], patch, tile);
        }
    }

    /// <summary>
    /// Goes through items in order, a batch of one item a worker at a time: what has to be done one after the other before, the
    /// work on all workers at once, and what has to be done one after the other afterwards. Each gets worker and item.
    /// </summary>
    private static void ForBatches(int items, int workers, Action<int, int> before, Action<int, int> work, Action<int, int> after)
    {
        for (var first = 0; first < items; first += workers)
        {
            var count = Math.Min(workers, items - first);
            for (var i = 0; i < count; i++)
                before(i, first + i);
            var start = first;
            if (count == 1)
                work(0, start);
            else
                Parallel.For(0, count, i => work(i, start + i));
            for (var i = 0; i < count; i++)
                after(i, first + i);
        }
    }
}
