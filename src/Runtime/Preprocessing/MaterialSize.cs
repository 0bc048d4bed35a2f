using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;

namespace PrivateInference.Runtime.Preprocessing;

/// <summary>Counts the bytes of material without touching them.</summary>
internal sealed class MaterialSize : MaterialFields
{
    private long _bytes;

    private MaterialSize()
    {
    }

    /// <summary>What each party keeps of one inference. It makes the empty material to count it.</summary>
    public static PartyBytes Of(TwoPartyProgram program)
    {
        using ClientMaterial client = ClientMaterial.Empty(program);
        using ServerMaterial server = ServerMaterial.Empty(program, serial: 0);
        return new PartyBytes { ClientBytes = Of(client.Keep), ServerBytes = Of(server.Keep) };
    }

    /// <summary>Bytes of all fields.</summary>
    public static long Of(Action<MaterialFields> keep)
    {
        MaterialSize size = new();
        keep(size);
        return size._bytes;
    }

    public override void Keep(Span<byte> field) => _bytes += field.Length;
}
