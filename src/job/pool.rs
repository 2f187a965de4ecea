//! Worker threads. One is started only when no idle one is left; the most
//! recently idle one goes first, which keeps its connection warm.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Sender};
use std::thread::{Builder, Scope};

use super::batch::Batch;
use super::inbox::Message;
use crate::api::{Answer, Error};

/// A worker only sends and decodes; unoptimised TLS needs more than 256 KiB.
const STACK_BYTES: usize = 512 * 1024;

/// Sends one batch and waits for its answer; called from many threads.
pub type Send<'a> = dyn Fn(&Batch) -> Result<Answer, Error> + Sync + 'a;

/// The workers of one job.
pub(super) struct Pool<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    send: &'env Send<'env>,
    answers: Sender<Message>,
    workers: Vec<Sender<Batch>>,
    idle: Vec<usize>,
}

impl<'scope, 'env> Pool<'scope, 'env> {
    /// No worker yet.
    pub(super) fn new(
        scope: &'scope Scope<'scope, 'env>,
        send: &'env Send<'env>,
        answers: Sender<Message>,
    ) -> Self {
        Self {
            scope,
            send,
            answers,
            workers: Vec::new(),
            idle: Vec::new(),
        }
    }

    /// A worker has brought its answer.
    pub(super) fn is_idle(&mut self, worker: usize) {
        self.idle.push(worker);
    }

    /// Sends it on some worker.
    pub(super) fn hand_out(&mut self, batch: Batch) {
        let worker = match self.idle.pop() {
            Some(worker) => worker,
            None => match self.hire() {
                Ok(worker) => worker,
                // No more threads to be had: this one sends it, slowly but surely.
                Err(_) => return self.answer(batch),
            },
        };
        if let Err(mpsc::SendError(batch)) = self.workers[worker].send(batch) {
            self.answer(batch);
        }
    }

    fn answer(&self, batch: Batch) {
        let result = send_guarded(self.send, &batch);
        // No receiver: the job is over.
        let _ = self.answers.send(Message::Answered {
            worker: None,
            batch: Box::new(batch),
            result,
        });
    }

    fn hire(&mut self) -> io::Result<usize> {
        let worker = self.workers.len();
        let (orders, inbox) = mpsc::channel::<Batch>();
        let (send, answers) = (self.send, self.answers.clone());
        let work = move || {
            for batch in inbox {
                let result = send_guarded(send, &batch);
                if answers
                    .send(Message::Answered {
                        worker: Some(worker),
                        batch: Box::new(batch),
                        result,
                    })
                    .is_err()
                {
                    return;
                }
            }
        };
        let builder = Builder::new()
            .name(format!("send-{worker}"))
            .stack_size(STACK_BYTES);
        builder.spawn_scoped(self.scope, work)?;
        self.workers.push(orders);
        Ok(worker)
    }
}

/// A panic while sending is an answer that nobody knows, never a hang.
fn send_guarded(send: &Send<'_>, batch: &Batch) -> Result<Answer, Error> {
    catch_unwind(AssertUnwindSafe(|| send(batch))).unwrap_or(Err(Error::Panicked))
}
