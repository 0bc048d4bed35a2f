namespace PrivateInference.Runtime.Preprocessing;

/// <summary>Fills material from a stream.</summary>
internal sealed class MaterialReader(Stream stream) : MaterialFields
{
    /// <exception cref="EndOfStreamException">The stream is shorter than the material.</exception>
    public override void Keep(Span<byte> field) => stream.ReadExactly(field);
}
