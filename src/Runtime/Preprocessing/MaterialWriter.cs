namespace PrivateInference.Runtime.Preprocessing;

/// <summary>Writes material to a stream.</summary>
internal sealed class MaterialWriter(Stream stream) : MaterialFields
{
    public override void Keep(Span<byte> field) => stream.Write(field);
}
