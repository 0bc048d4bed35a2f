using System.Runtime.CompilerServices;

namespace PrivateInference.Runtime.Randomness;

/// <summary>
/// AES-128 encryption (FIPS 197) in constant time, many blocks at once. The one place that chooses between the
/// processor's AES instructions and the portable kernel.
/// </summary>
public static class Aes128
{
    /// <summary>Blocks that a kernel encrypts side by side.</summary>
    public const int Lanes = 8;

    /// <summary>Tests set this to run whole protocols without AES instructions. Both kernels give the same bytes.</summary>
    internal static bool PreferPortable { get; set; }

    /// <summary>Expands every key of <paramref name="keys"/> into the same place of <paramref name="expanded"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="expanded"/> is shorter than <paramref name="keys"/>.</exception>
    public static void ExpandKeys(ReadOnlySpan<Block> keys, Span<AesKey> expanded)
    {
        if (expanded.Length < keys.Length)
            throw new ArgumentException("There is less room than keys.", nameof(expanded));

        if (AesX86.IsSupported && !PreferPortable)
            AesX86.ExpandKeys(keys, expanded);
        else if (AesArm.IsSupported && !PreferPortable)
            AesArm.ExpandKeys(keys, expanded);
        else
            AesPortable.ExpandKeys(keys, expanded);
    }

    /// <summary>Encrypts block by block (ECB); the output may be the input.</summary>
    /// <exception cref="ArgumentException"><paramref name="output"/> is shorter than <paramref name="input"/>.</exception>
    public static void Encrypt(ref readonly AesKey key, ReadOnlySpan<Block> input, Span<Block> output)
    {
        if (output.Length < input.Length)
            throw new ArgumentException("The output is shorter than the input.", nameof(output));

        int whole = input.Length - (input.Length % Lanes);
        for (int i = 0; i < whole; i += Lanes)
            Encrypt8(in key, ref Unsafe.AsRef(in input[i]), ref output[i]);
        if (whole == input.Length)
            return;

        Span<Block> rest = stackalloc Block[Lanes];
        rest.Clear();
        input[whole..].CopyTo(rest);
        Encrypt8(in key, ref rest[0], ref rest[0]);
        rest[..(input.Length - whole)].CopyTo(output[whole..]);
    }

    /// <summary>Encrypts <see cref="Lanes"/> blocks in place of a checked span; the kernels of OT and garbling live on it.</summary>
    internal static void Encrypt8(ref readonly AesKey key, ref Block input, ref Block output)
    {
        if (AesX86.IsSupported && !PreferPortable)
            AesX86.Encrypt8(in key, ref input, ref output);
        else if (AesArm.IsSupported && !PreferPortable)
            AesArm.Encrypt8(in key, ref input, ref output);
        else
            AesPortable.Encrypt8(in key, ref input, ref output);
    }
}
