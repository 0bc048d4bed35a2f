using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;

namespace PrivateInference.Runtime.Preprocessing;

/// <summary>Counts the bytes of material without touching them.</summary>
internal sealed class MaterialSize : MaterialFields
{
    public long Bytes { get; private set; }

    /// <summary>What each party keeps of one inference.</summary>
    public static PartyBytes Of(TwoPartyProgram program)
    {
        MaterialSize ofClient = new(), ofServer = new();
        using (ClientMaterial client = ClientMaterial.Empty(program))
            client.Keep(ofClient);
        using (ServerMaterial server = ServerMaterial.Empty(program, serial: 0))
            server.Keep(ofServer);
        return new PartyBytes { ClientBytes = ofClient.Bytes, ServerBytes = ofServer.Bytes };
    }

    public override void Keep(Span<byte> field) => Bytes += field.Length;
}
