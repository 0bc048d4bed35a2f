using System.Security.Cryptography;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Engine;

/// <summary>The server's use of its store in a session, for the client that has shown its secret.</summary>
internal sealed class ServerStore(PreprocessingStore store, ServerModel model, MessageChannel channel, ReadOnlySpan<byte> token)
{
    private readonly ItemBinding _binding = new()
    {
        Role = Party.Server,
        PlanHash = model.Program.Hash,
        Client = ItemBinding.ClientOf(token),
        Server = store.Identity,
    };

    /// <summary>Answers a client that wants to use stores: with this store's identity, or zero where there is none.</summary>
    public static ServerStore? Accept(PreprocessingStore? store, ServerModel model, MessageChannel channel, MessageHeader request)
    {
        byte[] token = StoreMessages.ReceiveRest(channel, request, StoreMessages.Token), identity = new byte[ItemId.Size];
        if (store is not null)
            new ItemId(store.Identity).Write(identity);
        StoreMessages.Send(channel, MessageKind.Store, StoreMessages.Identity, identity);
        return store is null ? null : new ServerStore(store, model, channel, token);
    }

    /// <summary>Answers a request to keep an inference.</summary>
    /// <returns>Its identity; null, and why, where there is no room.</returns>
    public ItemId? Agree(MessageHeader request, out string? objection)
    {
        byte[] ofClient = StoreMessages.ReceiveRest(channel, request, StoreMessages.KeepRequest), answer = new byte[StoreMessages.AnswerBytes];
        objection = Objection();
        if (objection is null)
        {
            answer[0] = 1;
            RandomNumberGenerator.Fill(answer.AsSpan(1));
        }

        StoreMessages.Send(channel, MessageKind.Keep, StoreMessages.KeepAnswer, answer);
        return objection is null ? ItemId.Agree(ofClient, answer.AsSpan(1)) : null;
    }

    /// <summary>Writes an inference's material while the client does, disposes it, and makes it count when the client's half is on its disk.</summary>
    /// <exception cref="PeerProtocolException">The material could not be stored, or the client went away.</exception>
    public void Keep(ItemId id, ServerMaterial material)
    {
        try
        {
            PendingItem item;
            using (material)
                item = store.Add(_binding, id, model.StoredBytes, material.Keep);
            using (item)
            {
                StoreMessages.Receive(channel, MessageKind.Kept, StoreMessages.KeptByClient, []);
                item.Commit();
            }
        }
        catch (IOException e)
        {
            throw new PeerProtocolException($"The server could not store its half of the material: {e.Message}", e);
        }

        StoreMessages.Send(channel, MessageKind.Kept, StoreMessages.KeptByServer, []);
    }

    /// <summary>Takes what the client claims and says whether it has it. Whatever happens from here on, it is gone from the store.</summary>
    /// <returns>The material; null, and why, where there is none.</returns>
    public ServerMaterial? Claim(MessageHeader request, ulong serial, out string? objection)
    {
        ItemId id = ItemId.Read(StoreMessages.ReceiveRest(channel, request, StoreMessages.ClaimRequest));
        ServerMaterial? material = Take(id, serial, out objection);
        try
        {
            StoreMessages.Send(channel, MessageKind.Claim, StoreMessages.ClaimAnswer, [(byte)(material is null ? 0 : 1)]);
        }
        catch
        {
            material?.Dispose();
            throw;
        }

        return material;
    }

    /// <summary>Deletes what the client has no half of.</summary>
    public void Discard(MessageHeader request)
    {
        ItemId id = ItemId.Read(StoreMessages.ReceiveRest(channel, request, StoreMessages.Discarded));
        try
        {
            store.TryClaim(_binding, id)?.Dispose();
        }
        catch (IOException)
        {
            // Nobody can use what is left of it.
        }
    }

    private string? Objection()
    {
        try
        {
            return store.Objection(_binding, model.StoredBytes);
        }
        catch (IOException e)
        {
            return $"it cannot be used ({e.Message})";
        }
    }

    private ServerMaterial? Take(ItemId id, ulong serial, out string? objection)
    {
        ServerMaterial? material = null;
        try
        {
            using ClaimedItem? item = store.TryClaim(_binding, id);
            objection = item is null ? $"The client claims stored material {id}, which is not there." : null;
            if (item is null)
                return null;
            material = ServerMaterial.Empty(model.Program, serial);
            item.Read(_binding, model.StoredBytes, material.Keep);
            return material;
        }
        catch (IOException e)
        {
            material?.Dispose();
            objection = e.Message;
            return null;
        }
    }
}
