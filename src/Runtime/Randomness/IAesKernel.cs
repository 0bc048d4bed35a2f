namespace PrivateInference.Runtime.Randomness;

/// <summary>One way of computing AES-128; every kernel gives the same bytes and takes time independent of them.</summary>
internal interface IAesKernel
{
    static abstract bool IsSupported { get; }

    /// <summary>Expands as many keys as <paramref name="keys"/> has into the front of <paramref name="expanded"/>.</summary>
    static abstract void ExpandKeys(ReadOnlySpan<Block> keys, Span<AesKey> expanded);

    /// <summary>Encrypts the eight blocks at <paramref name="input"/> under one key; output may be the input.</summary>
    static abstract void Encrypt8(ref readonly AesKey key, ref Block input, ref Block output);
}
