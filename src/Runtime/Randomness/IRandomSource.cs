namespace PrivateInference.Runtime.Randomness;

/// <summary>A source of uniform bytes. Secrets are drawn from it, so it must be a cryptographic generator.</summary>
public interface IRandomSource
{
    /// <summary>Fills <paramref name="bytes"/> with the next bytes.</summary>
    void Fill(Span<byte> bytes);
}
