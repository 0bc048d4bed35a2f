using System.Security.Cryptography;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Engine;

/// <summary>The client's use of its store in a session: what it keeps there, and what it takes out together with the server.</summary>
internal sealed class ClientStore
{
    private readonly PreprocessingStore _store;
    private readonly TwoPartyProgram _program;
    private readonly MessageChannel _channel;
    private readonly ItemBinding? _binding;
    private readonly long _bytes;

    private ClientStore(PreprocessingStore store, TwoPartyProgram program, MessageChannel channel, ItemBinding? binding)
    {
        _store = store;
        _program = program;
        _channel = channel;
        _binding = binding;
        _bytes = MaterialSize.Of(program).ClientBytes;
    }

    /// <summary>Told what a user may want to know, such as that stored material was lost.</summary>
    public Action<string> OnNotice { get; init; } = _ => { };

    /// <summary>Inferences that this client has material for, with this server.</summary>
    public int Count => _binding is null ? 0 : _store.Items(_binding).Length;

    /// <summary>Tells the server who this client is, and learns which store the server has.</summary>
    public static ClientStore Open(PreprocessingStore store, TwoPartyProgram program, MessageChannel channel, Action<string> onNotice)
    {
        byte[] token = store.ClientToken(program.Hash.AsSpan()), identity = new byte[ItemId.Size];
        StoreMessages.Send(channel, MessageKind.Store, StoreMessages.Token, token);
        StoreMessages.Receive(channel, MessageKind.Store, StoreMessages.Identity, identity);
        UInt128 server = ItemId.Read(identity).Value;
        ItemBinding? binding = server == 0 ? null : new()
        {
            Role = Party.Client,
            PlanHash = program.Hash,
            Client = ItemBinding.ClientOf(token),
            Server = server,
        };
        return new ClientStore(store, program, channel, binding) { OnNotice = onNotice };
    }

    /// <summary>Takes the oldest inference that both parties have. Halves of which the other is missing are deleted on the way.</summary>
    /// <returns>The material; null where there is none.</returns>
    public ClientMaterial? Claim(Action<IReadOnlyList<PlannedMessage>> audit)
    {
        if (_binding is null)
            return null;
        foreach (ItemId id in _store.Items(_binding))
        {
            // This party's half is gone from the store before the other hears of it.
            using ClaimedItem? item = TryClaim(id);
            if (item is null)
                continue;
            if (Load(item) is not { } material)
            {
                StoreMessages.Send(_channel, MessageKind.Discard, StoreMessages.Discarded, Bytes(id));
                audit(StoreMessages.Discarding);
                continue;
            }

            if (ServerHas(id, material))
            {
                audit(StoreMessages.Claiming);
                return material;
            }

            audit(StoreMessages.Claiming);
            material.Dispose();
            OnNotice($"The server does not have its half of stored material {id} any more; this half is deleted.");
        }

        return null;
    }

    /// <summary>Agrees on the identity of an inference that both parties will store.</summary>
    /// <exception cref="StoreException">A store has no room, or the server has none.</exception>
    public ItemId AgreeToKeep(Action<IReadOnlyList<PlannedMessage>> audit)
    {
        if (_binding is null)
            throw new StoreException("The server keeps no store; start it with one (onnx2mpc serve --store DIR).");
        if (_store.Objection(_binding, _bytes) is { } objection)
            throw new StoreException($"The store in {_store.Folder} takes no more: {objection}.");
        byte[] own = RandomNumberGenerator.GetBytes(ItemId.Size), answer = new byte[StoreMessages.AnswerBytes];
        StoreMessages.Send(_channel, MessageKind.Keep, StoreMessages.KeepRequest, own);
        StoreMessages.Receive(_channel, MessageKind.Keep, StoreMessages.KeepAnswer, answer);
        audit(StoreMessages.Keeping);
        return answer[0] == 1 ? ItemId.Agree(own, answer.AsSpan(1)) : throw new StoreException("The server's store takes no more of this client; use what it holds, or try again later.");
    }

    /// <summary>Stores an inference's material, and disposes it: it is never used from memory.</summary>
    public void Keep(ItemId id, ClientMaterial material, Action<IReadOnlyList<PlannedMessage>> audit)
    {
        PendingItem item;
        using (material)
            item = _store.Add(_binding!, id, _bytes, material.Keep);
        using (item)
        {
            // Another process of this client may claim it as soon as it counts here; so it counts at the server before.
            StoreMessages.Send(_channel, MessageKind.Kept, StoreMessages.KeptByClient, []);
            StoreMessages.Receive(_channel, MessageKind.Kept, StoreMessages.KeptByServer, []);
            item.Commit();
        }

        audit(StoreMessages.Kept);
    }

    private ClaimedItem? TryClaim(ItemId id)
    {
        try
        {
            return _store.TryClaim(_binding!, id);
        }
        catch (IOException e)
        {
            OnNotice($"Stored material {id} is lost: {e.Message}");
            return null;
        }
    }

    private ClientMaterial? Load(ClaimedItem item)
    {
        ClientMaterial material = ClientMaterial.Empty(_program);
        try
        {
            item.Read(_binding!, _bytes, material.Keep);
            return material;
        }
        catch (Exception e)
        {
            material.Dispose();
            if (e is not IOException)
                throw;
            OnNotice(e.Message);
            return null;
        }
    }

    private bool ServerHas(ItemId id, ClientMaterial material)
    {
        byte[] answer = new byte[1];
        try
        {
            StoreMessages.Send(_channel, MessageKind.Claim, StoreMessages.ClaimRequest, Bytes(id));
            StoreMessages.Receive(_channel, MessageKind.Claim, StoreMessages.ClaimAnswer, answer);
            return answer[0] == 1;
        }
        catch
        {
            material.Dispose();
            throw;
        }
    }

    private static byte[] Bytes(ItemId id)
    {
        byte[] bytes = new byte[ItemId.Size];
        id.Write(bytes);
        return bytes;
    }
}
